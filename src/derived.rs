//! What the page derives from signals.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

/// A value that is derived from signals and heard of only when it changes.
///
/// The framework's [`Memo`] for which it does not matter what the value is: the
/// code that follows it is in the app once and not for each type.
pub struct Derived<T> {
    memo: Memo<Erased>,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Derived<T> {}

impl<T: PartialEq + Send + Sync + 'static> Derived<T> {
    /// The value is `read` anew when a signal that it reads has changed.
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self {
            memo: memo(Box::new(move || Erased(Arc::new(read())))),
            value: PhantomData,
        }
    }

    /// Reads the value, tracked.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.memo.get().with(read)
    }

    /// The value, tracked.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.memo.get_untracked().with(T::clone)
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Derived<T>> for Signal<T> {
    fn from(derived: Derived<T>) -> Self {
        Self::derive(move || derived.get())
    }
}

fn memo(read: Box<dyn Fn() -> Erased + Send + Sync>) -> Memo<Erased> {
    Memo::new(move |_| read())
}

/// A value that has forgotten its type.
#[derive(Clone)]
struct Erased(Arc<dyn Value>);

impl Erased {
    fn with<T: 'static, R>(&self, read: impl FnOnce(&T) -> R) -> R {
        let value: &dyn Any = &*self.0;
        read(value.downcast_ref().expect("of the type it was made of"))
    }
}

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

trait Value: Any + Send + Sync {
    fn equals(&self, other: &dyn Value) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn equals(&self, other: &dyn Value) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref() == Some(self)
    }
}
