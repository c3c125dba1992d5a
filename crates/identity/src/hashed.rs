//! Maps and sets by numbers that the platform itself gave out.

use std::collections;

use foldhash::fast::RandomState;

pub(crate) type HashMap<K, V> = collections::HashMap<K, V, RandomState>;
pub(crate) type HashSet<K> = collections::HashSet<K, RandomState>;
