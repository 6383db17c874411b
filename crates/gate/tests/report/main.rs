//! Reports in all forms: compared with golden files, and read back by parsers of their formats.

mod action;
mod ci;
mod files;
mod golden;
mod html;
mod json;
mod junit;
mod markdown;
mod samples;
mod terminal;
