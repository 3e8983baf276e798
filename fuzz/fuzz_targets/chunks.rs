#![no_main]

fuzz::target!(chunks);
