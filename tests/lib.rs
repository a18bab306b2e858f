//! The Rust fences of the book's pages, compiled as doctests with the real
//! dependencies. (`build.rs` collects them; both editions hold the same ones.)

#[cfg(doctest)]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/fences.md"))]
pub struct Fences;

include!(concat!(env!("OUT_DIR"), "/programs.rs"));
