//! Threads that answer requests from snapshots, while others read and check.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

/// How many requests are answered at once.
const COUNT: usize = 4;

type Task = Box<dyn FnOnce() + Send>;

/// The way to threads that answer requests.
#[derive(Clone)]
pub(super) struct Workers(Sender<Task>);

impl Workers {
    pub(super) fn start() -> Workers {
        let (sender, receiver) = mpsc::channel::<Task>();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..COUNT {
            let receiver = Arc::clone(&receiver);
            super::spawn("worker", move || work(&receiver));
        }
        Workers(sender)
    }

    /// Has a thread do something as soon as one is free.
    pub(super) fn run(&self, task: impl FnOnce() + Send + 'static) {
        let _ = self.0.send(Box::new(task));
    }
}

fn work(tasks: &Mutex<Receiver<Task>>) {
    loop {
        let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => {
                let _ = super::guard(task);
            }
            Err(_) => return,
        }
    }
}
