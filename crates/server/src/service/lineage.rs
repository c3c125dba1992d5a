//! What uses what, as the HTTP faces ask it.

use std::collections::BTreeSet;

use api::Error;
use api::ports::lineage as port;

use domain::TagKey;

use super::Service;
use crate::lineage::{self, Kind, Lineage, Thing};
use crate::platform::now;

impl port::Lineage for Service {
    fn uses(&self, key: &str, kind: Option<&str>) -> Result<Vec<port::Uses>, Error> {
        let current = self.current();
        let lineage = current
            .lineage
            .get_or_init(|| Lineage::of(&current.engine.book));
        let kind = kind.map(kind_named).transpose()?;
        let things = lineage.named(key, kind);
        if things.is_empty() {
            let hint = lineage.nearest(key);
            let hint = hint.map(|near| format!(": did you mean `{near}`?"));
            let hint = hint.unwrap_or_default();
            return Err(Error::NotFound(format!("nothing is called `{key}`{hint}")));
        }
        let uses = things.iter().map(|thing| lineage.uses(thing));
        let uses = uses.map(|uses| port::Uses {
            thing: answered(&uses.thing),
            uses: all(&uses.uses),
            uses_indirectly: all(&uses.uses_by_way),
            used_by: all(&uses.used_by),
            used_by_indirectly: all(&uses.used_by_way),
        });
        Ok(uses.collect())
    }

    fn duplicates(&self) -> Result<Vec<Vec<TagKey>>, Error> {
        let current = self.current();
        Ok(lineage::duplicates(&current.engine.book).groups().to_vec())
    }

    fn unused(&self, days: u32) -> Result<Vec<port::UnusedTag>, Error> {
        let current = self.current();
        let lineage = current
            .lineage
            .get_or_init(|| Lineage::of(&current.engine.book));
        let unused = lineage::unused_for(&current.engine, lineage, days, now());
        let unused = unused.map_err(|error| Error::Bug(format!("{error:#}")))?;
        let unused = unused.into_iter().map(|unused| port::UnusedTag {
            tag: unused.tag,
            asked_on: unused.asked_on,
        });
        Ok(unused.collect())
    }
}

fn kind_named(name: &str) -> Result<Kind, Error> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| {
        let kinds = Kind::ALL.map(Kind::name).join(", ");
        Error::Invalid(format!("`kind` must be one of {kinds}"))
    })
}

fn all(things: &BTreeSet<Thing>) -> Vec<port::Thing> {
    things.iter().map(answered).collect()
}

fn answered(thing: &Thing) -> port::Thing {
    port::Thing {
        kind: thing.kind.name(),
        key: thing.key.clone(),
    }
}
