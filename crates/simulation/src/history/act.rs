//! What can happen, and what goes wrong together.

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Write,
    Wait,
    OpenTab,
    CloseTab,
    Kill,
    CutPower,
    CopyDisk,
    RestoreDisk,
    DiskFull,
    DiskFails,
    DiskWell,
    Offline,
    Online,
    StayAway,
    Break,
    BreakHalfOpen,
    RelayDies,
    RelayComesBack,
    RelayRefuses,
    CopyRelay,
    SetBackRelay,
    ReplaceRelay,
    Move,
    ClockJumps,
    RelayClockJumps,
    Freeze,
    Join,
    ChangeKeys,
}

impl Act {
    /// Whether it stops whatever a device was about.
    pub(super) fn is_a_stop(self) -> bool {
        matches!(
            self,
            Self::CloseTab | Self::Kill | Self::CutPower | Self::RestoreDisk
        )
    }
}

/// What goes wrong together. A history has some of these and not others, so that
/// each also meets the absence of the rest.
pub(super) const TROUBLES: [&[Act]; 13] = [
    &[Act::OpenTab, Act::CloseTab],
    &[Act::Kill, Act::Kill],
    &[Act::CutPower, Act::CutPower],
    &[Act::CopyDisk, Act::CopyDisk, Act::RestoreDisk],
    &[Act::DiskFull, Act::DiskFails, Act::DiskWell],
    &[Act::Offline, Act::Online, Act::StayAway],
    &[Act::Break, Act::BreakHalfOpen],
    &[Act::RelayDies, Act::RelayComesBack, Act::RelayRefuses],
    &[Act::CopyRelay, Act::SetBackRelay, Act::ReplaceRelay],
    &[Act::Move],
    &[Act::ClockJumps, Act::RelayClockJumps, Act::Freeze],
    &[Act::Join],
    &[Act::ChangeKeys; 3],
];
