//! Who writes a plan, as the document has it: devices, and what they say of the
//! person and the party behind them.

use plan::{DeviceName, PlanDoc, PlanView};
use sync::ids::DeviceId;

/// A device that is known from the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub device: DeviceId,
    /// As the device says; empty where it does not.
    pub person: String,
    /// As the device says; empty where it does not.
    pub party: String,
}

/// All devices that have written, or have said who is behind them.
pub fn of(doc: &mut PlanDoc) -> Vec<Member> {
    let view = doc.view();
    let members = doc.members(&view);
    let members = members.iter().filter_map(|name| name.as_str().parse().ok());
    members.map(|device| member(&view, device)).collect()
}

/// What the document says of a device, in a word.
pub fn name_of(doc: &mut PlanDoc, device: DeviceId) -> String {
    member(&doc.view(), device).to_string()
}

fn member(view: &PlanView, device: DeviceId) -> Member {
    let name = DeviceName::from_public_key(device.as_bytes());
    let [person, party] = view.introduction(&name).map(Option::unwrap_or_default);
    Member {
        device,
        person,
        party,
    }
}

impl Member {
    /// Whether a person means this one by these words: a person's or a party's
    /// name, or the beginning of a device's id.
    pub fn is_called(&self, words: &str) -> bool {
        let words = plan::lowercase(words.trim());
        let is_name = |name: &str| !name.is_empty() && plan::lowercase(name) == words;
        let id = self.device.to_string();
        is_name(&self.person)
            || is_name(&self.party)
            || words.len() >= self.device.short().len() && id.starts_with(&words)
    }
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.device.short())?;
        let names = [&self.person, &self.party].into_iter();
        let names: Vec<&str> = names
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        match names.as_slice() {
            [] => Ok(()),
            names => write!(f, " ({})", names.join(", ")),
        }
    }
}
