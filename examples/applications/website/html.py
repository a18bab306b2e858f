"""What a crawler reads of a page, as in src/html.rs."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin


class Html(HTMLParser):
    """A page's title, and where its links lead, without fragments."""

    def __init__(self, text, url):
        super().__init__()
        self.title, self.links = "", []
        self.url, self.inside = url, None
        self.feed(text)
        self.title = " ".join(self.title.split())

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        link = dict(attributes).get("href")
        if tag == "a" and link is not None:
            link = urljoin(self.url, link)
            self.links.append(urldefrag(link).url)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, text):
        if self.inside == "title":
            self.title += text
