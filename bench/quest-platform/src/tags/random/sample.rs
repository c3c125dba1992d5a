//! A few thousand users of a platform, by which the thresholds of random tags are chosen.

use domain::Time;

use crate::event::Event;
use crate::event_kind::EVENT_KINDS;
use crate::platform::Platform;
use crate::profile::Profile;

/// Users that are looked at.
const SIZE: u32 = 3_000;

/// Users spread evenly over the platform, with everything about them.
pub(super) struct Sample {
    /// The instant of evaluation.
    pub(super) now: Time,
    /// What is known about each at `now`.
    pub(super) profiles: Vec<Profile>,
    /// For each kind of event: whose it is, and the event; in the order of users and times.
    events: Vec<Vec<(u32, Event)>>,
}

impl Sample {
    pub(super) fn of(platform: &Platform) -> Self {
        let settings = platform.settings();
        let size = settings.users.clamp(1, SIZE);
        let mut profiles = Vec::with_capacity(size as usize);
        let mut events = vec![Vec::new(); EVENT_KINDS.len()];
        for place in 0..size {
            let user = (u64::from(place) * u64::from(settings.users) / u64::from(size)) as u32;
            profiles.extend(platform.profiles(user).last());
            for event in platform.events(user) {
                if let Some(of_kind) = events.get_mut(usize::from(event.name)) {
                    of_kind.push((place, event));
                }
            }
        }
        Self {
            now: settings.now,
            profiles,
            events,
        }
    }

    /// How many users there are.
    pub(super) fn len(&self) -> usize {
        self.profiles.len()
    }

    /// The events of one kind, with the place of their user.
    pub(super) fn events(&self, code: u8) -> &[(u32, Event)] {
        self.events
            .get(usize::from(code))
            .map_or(&[], Vec::as_slice)
    }
}
