//! How often memory is asked for, on the thread that asks.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts.
pub struct Counting;

#[global_allocator]
static MEMORY: Counting = Counting;

thread_local! {
    static ASKED: Cell<Asked> = const { Cell::new(Asked { times: 0, bytes: 0 }) };
}

/// So often, and for so many bytes in all.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub times: u64,
    pub bytes: u64,
}

/// What a piece of work asks for.
pub fn during(work: impl FnOnce()) -> Asked {
    let before = ASKED.get();
    work();
    let after = ASKED.get();
    Asked { times: after.times - before.times, bytes: after.bytes - before.bytes }
}

fn count(bytes: usize) {
    // A thread that is ending counts no more.
    let _ended = ASKED.try_with(|asked| {
        let Asked { times, bytes: all } = asked.get();
        asked.set(Asked { times: times + 1, bytes: all + bytes as u64 });
    });
}

// SAFETY: every call goes to the system's allocator as it came; counting asks for no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}
