//! The ids written lately: a memory that ends, as that of a leader does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use uuid::Uuid;

use super::Record;

/// Far less than the real server remembers, so that a test can outrun it.
const REMEMBERED: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Recent {
    slots: BTreeMap<Uuid, (String, u64)>,
    order: VecDeque<Uuid>,
}

impl Recent {
    pub(super) fn remember<'a>(&mut self, records: impl Iterator<Item = &'a Arc<Record>>) {
        for record in records {
            self.slots.insert(record.id, (record.stream.clone(), record.revision));
            self.order.push_back(record.id);
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.slots.remove(&oldest);
            }
        }
    }

    pub(super) fn revision(&self, stream: &str, id: Uuid) -> Option<u64> {
        self.slots.get(&id).filter(|(of, _)| of == stream).map(|(_, revision)| *revision)
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.order.clear();
    }
}
