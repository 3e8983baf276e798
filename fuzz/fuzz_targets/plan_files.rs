#![no_main]

fuzz::target!(plan_files);
