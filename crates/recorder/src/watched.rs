//! The [`stage`](crate::stage), with handles and channels that tell whom they
//! belong to: which task a handle waits for, which senders are alive.
//!
//! They are types of their own. A program that hands them to another crate,
//! which knows tokio's alone, does not compile with them and is recorded with
//! the plain stage.

pub use crate::stage::*;

pub use task::spawn;

/// tokio's `task`.
pub mod task {
    use std::{
        future::Future,
        ops::{Deref, DerefMut},
        pin::Pin,
        task::{Context, Poll},
    };

    use crate::recorder::joining;

    pub use ::tokio::task::*;

    /// tokio's handle.
    #[derive(Debug)]
    pub struct JoinHandle<T>(::tokio::task::JoinHandle<T>);

    impl<T> Future for JoinHandle<T> {
        type Output = Result<T, JoinError>;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            let number = self.0.id().to_string().parse().ok();
            joining(number, || Pin::new(&mut self.0).poll(context))
        }
    }

    impl<T> Deref for JoinHandle<T> {
        type Target = ::tokio::task::JoinHandle<T>;
        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<T> DerefMut for JoinHandle<T> {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }

    /// See tokio's.
    #[track_caller]
    pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        JoinHandle(::tokio::task::spawn(future))
    }

    /// See tokio's.
    #[track_caller]
    pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        JoinHandle(::tokio::task::spawn_local(future))
    }

    /// See tokio's.
    #[track_caller]
    pub fn spawn_blocking<F, R>(function: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        JoinHandle(::tokio::task::spawn_blocking(function))
    }
}

/// tokio's `sync`.
pub mod sync {
    pub use ::tokio::sync::*;

    /// tokio's `sync::mpsc`.
    pub mod mpsc {
        use std::{
            fmt,
            future::poll_fn,
            ops::{Deref, DerefMut},
            panic::Location,
            task::{Context, Poll},
        };

        use ::tokio::sync::mpsc as plain;

        use crate::recorder::{channels, receiving};

        pub use plain::*;

        /// Tells of a sender's life.
        struct Token {
            channel: u64,
            number: u64,
        }

        impl Token {
            #[track_caller]
            fn new(channel: u64) -> Self {
                Self { channel, number: channels::sender_made(channel, Location::caller()) }
            }
        }

        impl Drop for Token {
            fn drop(&mut self) {
                channels::sender_dropped(self.channel, self.number);
            }
        }

        /// Both sorts of senders.
        macro_rules! sender {
            ($name:ident) => {
                #[doc = concat!("tokio's `", stringify!($name), "`.")]
                pub struct $name<T>(plain::$name<T>, Token);

                impl<T> Clone for $name<T> {
                    #[track_caller]
                    fn clone(&self) -> Self {
                        Self(self.0.clone(), Token::new(self.1.channel))
                    }
                }

                impl<T> fmt::Debug for $name<T> {
                    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        self.0.fmt(out)
                    }
                }

                impl<T> Deref for $name<T> {
                    type Target = plain::$name<T>;
                    fn deref(&self) -> &Self::Target {
                        channels::sender_used(self.1.channel, self.1.number);
                        &self.0
                    }
                }
            };
        }

        /// Both sorts of receivers.
        macro_rules! receiver {
            ($name:ident) => {
                #[doc = concat!("tokio's `", stringify!($name), "`.")]
                pub struct $name<T>(plain::$name<T>, u64);

                impl<T> $name<T> {
                    /// See tokio's.
                    pub async fn recv(&mut self) -> Option<T> {
                        poll_fn(|context| self.poll_recv(context)).await
                    }

                    /// See tokio's.
                    pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
                        poll_fn(|context| {
                            receiving(self.1, || self.0.poll_recv_many(context, buffer, limit))
                        })
                        .await
                    }

                    /// See tokio's.
                    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
                        receiving(self.1, || self.0.poll_recv(context))
                    }
                }

                impl<T> fmt::Debug for $name<T> {
                    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        self.0.fmt(out)
                    }
                }

                impl<T> Deref for $name<T> {
                    type Target = plain::$name<T>;
                    fn deref(&self) -> &Self::Target {
                        &self.0
                    }
                }

                impl<T> DerefMut for $name<T> {
                    fn deref_mut(&mut self) -> &mut Self::Target {
                        &mut self.0
                    }
                }
            };
        }

        sender!(Sender);
        sender!(UnboundedSender);
        receiver!(Receiver);
        receiver!(UnboundedReceiver);

        /// See tokio's.
        #[track_caller]
        pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {
            let channel = channels::made(Location::caller());
            let (tx, rx) = plain::channel(buffer);
            (Sender(tx, Token::new(channel)), Receiver(rx, channel))
        }

        /// See tokio's.
        #[track_caller]
        pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
            let channel = channels::made(Location::caller());
            let (tx, rx) = plain::unbounded_channel();
            (UnboundedSender(tx, Token::new(channel)), UnboundedReceiver(rx, channel))
        }
    }
}
