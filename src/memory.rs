//! How the program asks the machine for memory: from few places, so that what one piece of work gave back the next one uses.

/// The GNU C library keeps eight places a processor, and a thread draws from one of them; each keeps what its hungriest work
/// ever wanted. Work here goes to many threads in turn, so that in time every place would be as large as the largest work.
/// To be said before the first thread begins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn from_few_places() {
    use std::ffi::c_int;
    /// As `malloc.h` numbers it.
    const M_ARENA_MAX: c_int = -8;
    const PLACES: c_int = 2;
    // SAFETY: this is its declaration in `malloc.h`; it takes any two numbers.
    unsafe extern "C" {
        safe fn mallopt(parameter: c_int, value: c_int) -> c_int;
    }
    // Where it does not know the number it does nothing, and only memory is lost.
    let _understood = mallopt(M_ARENA_MAX, PLACES);
}

/// Elsewhere memory comes as the machine gives it.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn from_few_places() {}
