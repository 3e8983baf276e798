#![no_main]

fuzz::target!(links);
