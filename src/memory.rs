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

/// Gives back what large work has left behind: the GNU C library keeps it where anything small still stands behind it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    use std::ffi::c_int;
    // SAFETY: this is its declaration in `malloc.h`; it may be called at any moment, by any thread.
    unsafe extern "C" {
        safe fn malloc_trim(pad: usize) -> c_int;
    }
    let _was_there_any = malloc_trim(0);
}

/// Elsewhere memory comes as the machine gives it.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn from_few_places() {}

/// Elsewhere memory goes as the machine takes it.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
