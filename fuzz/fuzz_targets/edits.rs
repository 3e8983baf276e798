#![no_main]

fuzz::target!(edits);
