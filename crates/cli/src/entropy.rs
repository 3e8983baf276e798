//! Random bytes from the system.

use sync::keys::{DeviceKey, EditSecret, PlanKeys};

use crate::failure::Failure;

/// The secret of a new plan, or of an old one's new keys.
pub fn new_edit_secret() -> Result<EditSecret, Failure> {
    require()?;
    Ok(EditSecret::generate(&mut fill))
}

/// The keys of a new plan.
pub fn new_plan_keys() -> Result<PlanKeys, Failure> {
    new_edit_secret().map(PlanKeys::edit)
}

/// The key of a new device.
pub fn new_device_key() -> Result<DeviceKey, Failure> {
    require()?;
    Ok(DeviceKey::generate(&mut fill))
}

/// Whether the system gives random bytes. One that gave them once goes on to.
pub fn require() -> Result<(), Failure> {
    getrandom::fill(&mut [0; 1]).map_err(Failure::Entropy)
}

/// For those who have asked for random bytes before.
pub fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("a system that gave random bytes before goes on to");
}
