//! The applications against their faults: real servers, real files, real
//! processes. In one binary, for most of them wait.

mod common;
mod database;
mod image_downloads;
mod program;
mod read_files;
mod web_crawler;
mod websocket_echo;
