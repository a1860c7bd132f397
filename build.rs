//! Tells cargo that the migrations are built in: a new folder among them must build the binary anew.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
