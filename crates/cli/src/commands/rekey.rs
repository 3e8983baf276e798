//! `samskriv rekey`: moves a plan to new keys, and follows one that was moved.
//!
//! Each step is durable before the next: the new keys are kept, the plan is put
//! at the relay under them, the old log is closed with what lets the chosen
//! follow, the new keys are used. A move that stopped goes on at the step where
//! it stopped, when the command is run again.

use std::{collections::BTreeMap, process::ExitCode};

use sync::{
    closing::{Access, Closing},
    ids::DeviceId,
    keys::PlanKeys,
    link::Link,
    session::Closed,
};

use super::{
    share,
    sync::{exchange, meet, report, runtime},
    tell,
};
use crate::{
    args, entropy,
    failure::Failure,
    meeting::{self, Meeting, relays_of},
    members::{self, Member},
    moving::Moving,
    plan_file::PlanFile,
    sessions::Sessions,
};

pub fn run(args: args::Rekey) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let keys = plan.keys.plan.clone();
    let Some(keys) = keys.filter(|_| !relays_of(&plan).is_empty()) else {
        return Err(Failure::NotShared(args.file));
    };
    if args.list {
        for member in members::of(&mut plan.doc) {
            println!("{member}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.give_up {
        return give_up(&mut plan);
    }
    if !keys.can_write() {
        return Err(Failure::ReadersDoNotMove);
    }
    match (&plan.keys.moving, chooses(&args)) {
        (None, true) => begin(&mut plan, &keys, &args),
        (None, false) => Err(Failure::NoOneChosen),
        (Some(_), true) => Err(Failure::MoveUnderWay),
        (Some(_), false) => go_on(&mut plan, &keys),
    }
}

fn chooses(args: &args::Rekey) -> bool {
    args.alone || args.keep_all || !args.keep.is_empty() || !args.read.is_empty()
}

/// Makes the new keys, once this device and the relays have the same.
fn begin(plan: &mut PlanFile, keys: &PlanKeys, args: &args::Rekey) -> Result<ExitCode, Failure> {
    let meeting = meet(plan, keys)?;
    let (together, closed) = (meeting.together.clone(), meeting.closed());
    report(meeting, keys)?;
    match closed {
        // Someone else was first.
        Some(closed) if opens(plan, keys, &closed) => return follow(plan, keys, &closed),
        // Who was left out goes on with whom they choose.
        Some(_) => {}
        None if together.is_at_one() && !together.missing => {}
        None => return Err(Failure::NotSynchronised),
    }
    let chosen = chosen(plan, args)?;
    plan.keys.moving = Some(Moving::begin(entropy::new_edit_secret()?, chosen));
    plan.save_keys()?;
    go_on(plan, keys)
}

/// The devices that are to follow.
fn chosen(plan: &mut PlanFile, args: &args::Rekey) -> Result<Vec<(DeviceId, Access)>, Failure> {
    let all = members::of(&mut plan.doc);
    let called = |who: &String| -> Result<Vec<Member>, Failure> {
        let members: Vec<Member> = all
            .iter()
            .filter(|member| member.is_called(who))
            .cloned()
            .collect();
        match members.as_slice() {
            [] => Err(Failure::NoSuchMember {
                path: plan.path.clone(),
                who: who.clone(),
            }),
            _ => Ok(members),
        }
    };
    let mut chosen = BTreeMap::new();
    if args.keep_all {
        chosen.extend(all.iter().cloned().map(|member| (member, Access::Write)));
    }
    for (names, access) in [(&args.keep, Access::Write), (&args.read, Access::Read)] {
        for who in names {
            chosen.extend(called(who)?.into_iter().map(|member| (member, access)));
        }
    }
    let own = plan.keys.device.id();
    chosen.retain(|member, _| member.device != own);
    for (member, access) in &chosen {
        let how = match access {
            Access::Write => "",
            Access::Read => ", to read only",
        };
        eprintln!("samskriv: {member} can follow{how}");
    }
    let chosen = chosen.into_iter();
    Ok(chosen
        .map(|(member, access)| (member.device, access))
        .collect())
}

fn go_on(plan: &mut PlanFile, keys: &PlanKeys) -> Result<ExitCode, Failure> {
    let Some(new) = plan.keys.moving.as_ref().map(|moving| moving.keys.clone()) else {
        return Err(Failure::NoMove);
    };
    // Under the new keys, what others vouched for has to say for which plan.
    plan.keys.name_vouches();
    let meeting = runtime()?.block_on(meeting::run(plan, &new, None))?;
    // It may have gone on already, and be closed in its turn.
    if !meeting.together.is_at_one() && meeting.closed().is_none() {
        return Err(stopped(meeting));
    }
    announce(plan, keys)
}

/// Closes the old log, unless it is closed.
fn announce(plan: &mut PlanFile, keys: &PlanKeys) -> Result<ExitCode, Failure> {
    let Some(moving) = &mut plan.keys.moving else {
        return Err(Failure::NoMove);
    };
    moving.is_announced = true;
    let own = plan.keys.device.id();
    // For itself too: this file may be set back to a copy of before.
    let chosen = moving.chosen.iter().copied().chain([(own, Access::Write)]);
    let closing = Closing::make(&keys.id(), &own, &moving.keys, chosen, &mut entropy::fill);
    plan.save_keys()?;
    let meeting = runtime()?.block_on(meeting::run(plan, keys, Some(&closing)))?;
    let Some(closed) = meeting.closed() else {
        return Err(stopped(meeting));
    };
    for relay in meeting.unreached() {
        eprintln!(
            "samskriv: who meets the others only at {relay} does not hear that the plan has moved"
        );
    }
    let is_own = closed.by == plan.keys.device.id();
    let has_keys = opens(plan, keys, &closed);
    report(meeting, keys)?;
    if has_keys {
        return follow(plan, keys, &closed);
    }
    if !is_own {
        let who = members::name_of(&mut plan.doc, closed.by);
        eprintln!(
            "samskriv: {who} closed the plan before, so no one follows by themselves; send the new link to those who go on with you"
        );
    }
    finish(plan)
}

fn stopped(meeting: Meeting) -> Failure {
    let cause = meeting.into_failure().unwrap_or(Failure::NotSynchronised);
    Failure::MoveStopped {
        cause: cause.into(),
    }
}

/// Uses the new keys from now on, and brings there what came meanwhile.
fn finish(plan: &mut PlanFile) -> Result<ExitCode, Failure> {
    let Some(moving) = plan.keys.moving.take() else {
        return Err(Failure::NoMove);
    };
    let keys = moving.keys;
    plan.keys.switch(keys.clone(), moving.sessions);
    plan.save_keys()?;
    eprintln!("samskriv: the plan has moved to new keys; the old links end here");
    let code = exchange(plan, &keys)?;
    let relay = relays_of(plan).into_iter().next();
    share::print(&Link { keys, relay });
    Ok(code)
}

/// Whether this device is among those whom a closing lets follow.
fn opens(plan: &PlanFile, keys: &PlanKeys, closed: &Closed) -> bool {
    closed.open(keys, &plan.keys.device).is_some()
}

/// What a device does about a plan that is closed under the keys it has.
pub fn follow(plan: &mut PlanFile, keys: &PlanKeys, closed: &Closed) -> Result<ExitCode, Failure> {
    let moving = plan.keys.moving.as_ref().map(|moving| moving.keys.id());
    let who = members::name_of(&mut plan.doc, closed.by);
    match closed.open(keys, &plan.keys.device) {
        Some(new) if moving == Some(new.id()) => finish(plan),
        Some(new) => {
            let sessions: Sessions = plan.keys.sessions.anew();
            plan.keys.switch(new.clone(), sessions);
            plan.save_keys()?;
            eprintln!("samskriv: {who} moved the plan to new keys, and this file follows");
            exchange(plan, &new)
        }
        None => Ok(tell(&[format!(
            "{who} closed the plan under these keys and did not choose this device. What is in the file stays, and goes to no one. Ask for a new link, or go on with others by `samskriv rekey`"
        )])),
    }
}

fn give_up(plan: &mut PlanFile) -> Result<ExitCode, Failure> {
    match &plan.keys.moving {
        None => Err(Failure::NoMove),
        Some(moving) if moving.is_announced => Err(Failure::MoveAnnounced),
        Some(_) => {
            plan.keys.moving = None;
            plan.save_keys()?;
            eprintln!("samskriv: the move is given up; the plan goes on under the keys it has");
            Ok(ExitCode::SUCCESS)
        }
    }
}
