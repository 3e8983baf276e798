#![no_main]

fuzz::target!(sealed_files);
