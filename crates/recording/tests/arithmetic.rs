//! The views, on traces made by hand.

mod pictures;

use recording::{
    layout::{Layout, Sizes},
    model::{
        By, Clock, Ending, Event, Micros, On, Outcome, Task, TaskId, TaskKind, Trace, Traces,
        VERSION, Wait, WaitEnd, What,
    },
    svg, text, widget,
    words::Locale,
};

const SECOND: Micros = 1_000_000;
const SIZES: Sizes = Sizes { width: 60.0, slot: 1.0, mark: 2.0, gap: 3.0 };

/// A trace with these tasks (the first is the root) and events.
fn trace(tasks: &[(Option<TaskId>, Outcome)], events: Vec<(Micros, TaskId, What)>) -> Trace {
    let task = |(id, &(parent, outcome)): (usize, &(Option<TaskId>, Outcome))| Task {
        function: Some(if id == 0 { "main".into() } else { format!("work{id}") }),
        line: Some(id as u32 + 10),
        parent,
        kind: if parent.is_none() { TaskKind::Root } else { TaskKind::Task },
        outcome,
    };
    let event = |(at, task, what)| Event { at, task: Some(task), line: None, what };
    Trace {
        name: "by_hand".into(),
        file: "examples/by_hand.rs".into(),
        files: Vec::new(),
        clock: Clock::Paused,
        why_real: None,
        end: events.last().map_or(0, |(at, _, _)| *at),
        tasks: tasks.iter().enumerate().map(task).collect(),
        omitted: 0,
        waits: Vec::new(),
        events: events.into_iter().map(event).collect(),
        ending: Ending::Returned,
        stuck: Vec::new(),
    }
}

fn poll(count: usize) -> What {
    What::Poll { count }
}

fn wake(by: By) -> What {
    What::Wake { by, again: false }
}

fn print(text: &str) -> What {
    What::Print { text: text.into(), branch: 0 }
}

fn sleep(task: TaskId, from: Micros, to: Micros, end: WaitEnd) -> Wait {
    let on = On::Sleep { duration: to - from };
    Wait { task, branch: 0, function: None, line: Some(3), on, from, to, deadline: Some(to), end }
}

#[test]
fn cancelled_before_its_first_poll() {
    use What::{Cancelled, Pending, Ready, Spawn};
    let trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Cancelled)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, Cancelled),
            (0, 0, wake(By::End(1))),
            (0, 0, poll(2)),
            (0, 0, Ready),
        ],
    );
    let layout = Layout::of(&trace, SIZES);
    assert!(layout.lanes[1].polls.is_empty());
    // Three slots at one instant: the poll, the cut, the poll.
    assert_eq!(layout.slots.len(), 3);
    assert!(layout.lanes[1].left < layout.lanes[1].right);
    assert_eq!(layout.lanes[1].right, layout.slots[1].left);
    assert!(text::lanes(&trace, Locale::En, 80).contains('✕'));
    assert!(svg::draw(&trace, Locale::En, 720).contains("wb-end-cancelled"));
}

#[test]
fn a_task_that_outlives_main_is_dropped_after_it() {
    use What::{Dropped, Pending, Ready, Spawn, Waited};
    let mut trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Dropped)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (0, 1, What::Wait { wait: 0 }),
            (0, 1, Pending),
            (SECOND, 0, wake(By::Timer)),
            (SECOND, 0, poll(2)),
            (SECOND, 0, Ready),
            (SECOND, 1, Dropped),
            (SECOND, 1, Waited { wait: 0 }),
        ],
    );
    trace.waits.push(sleep(1, 0, SECOND, WaitEnd::Dropped));
    let layout = Layout::of(&trace, SIZES);
    let [main, task] = &layout.lanes[..] else { panic!("two lanes") };
    assert!(task.right >= main.right, "it goes on until the runtime ends");
    assert_eq!(layout.wait_from(5, 1), layout.slots[1].right);
    assert_eq!(layout.wait_to(11), layout.slots[3].left);
    assert!(
        Locale::En
            .sentences(&trace)
            .last()
            .is_some_and(|last| last.contains("dropped with the runtime"))
    );
}

#[test]
fn a_panic_ends_the_lane_at_its_poll() {
    use What::{Panicked, Pending, Ready, Spawn};
    let trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Panicked)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (0, 1, Panicked),
            (0, 0, wake(By::End(1))),
            (0, 0, poll(2)),
            (0, 0, Ready),
        ],
    );
    let layout = Layout::of(&trace, SIZES);
    assert_eq!(layout.lanes[1].right, layout.slots[1].right);
    assert!(svg::draw(&trace, Locale::Zh, 360).contains("wb-end-panicked"));
}

#[test]
fn a_wake_with_no_poll_leads_nowhere() {
    use What::{Pending, Ready, Spawn};
    let trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Ready)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (0, 0, wake(By::Task(1))),
            (0, 1, Ready),
        ],
    );
    let layout = Layout::of(&trace, SIZES);
    let wake = layout.arrows.iter().find(|arrow| !arrow.spawn).expect("the wake");
    assert_eq!(wake.to_slot, None);
    svg::draw(&trace, Locale::En, 720);
}

#[test]
fn two_wakes_for_one_poll_are_one_arrow() {
    use What::{Pending, Ready, Spawn};
    let trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Ready)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (0, 0, wake(By::Task(1))),
            (0, 0, What::Wake { by: By::End(1), again: true }),
            (0, 1, Ready),
            (0, 0, poll(2)),
            (0, 0, Ready),
        ],
    );
    let layout = Layout::of(&trace, SIZES);
    assert_eq!(layout.arrows.iter().filter(|arrow| !arrow.spawn).count(), 1);
    assert!(text::account(&trace).contains("woken by the end of task 1 · work1 (again)"));
}

#[test]
fn a_nested_spawn_leads_from_its_own_parent() {
    use What::{Pending, Ready, Spawn};
    let trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Ready), (Some(1), Outcome::Ready)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (0, 2, Spawn),
            (0, 1, Ready),
            (0, 2, poll(1)),
            (0, 2, Ready),
            (0, 0, poll(2)),
            (0, 0, Ready),
        ],
    );
    let layout = Layout::of(&trace, SIZES);
    let spawns: Vec<_> = layout.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    assert_eq!(spawns, [(0, 1), (1, 2)]);
}

#[test]
fn ties_stand_side_by_side_in_order() {
    use What::{Pending, Ready, Spawn};
    let mut events =
        vec![(0, 0, Spawn), (0, 0, poll(1)), (0, 1, Spawn), (0, 2, Spawn), (0, 0, Pending)];
    for task in [1, 2] {
        events.extend([(SECOND, task, wake(By::Timer)), (SECOND, task, poll(1))]);
        events.extend([(SECOND, task, print(&task.to_string())), (SECOND, task, Ready)]);
    }
    let tasks = [(None, Outcome::Running), (Some(0), Outcome::Ready), (Some(0), Outcome::Ready)];
    let layout = Layout::of(&trace(&tasks, events), SIZES);
    assert_eq!(layout.instants.len(), 2, "two polls at one second share the instant");
    let [.., first, second] = &layout.slots[..] else { panic!("slots") };
    assert_eq!(first.right, second.left);
    assert_eq!((layout.marks[0].lane, layout.marks[1].lane), (1, 2));
}

#[test]
fn longer_pauses_are_wider() {
    use What::{Pending, Ready, Spawn};
    let times = [0, SECOND, 10 * SECOND];
    let mut events = vec![(0, 0, Spawn)];
    for (count, at) in times.into_iter().enumerate() {
        let end = if count == 2 { Ready } else { Pending };
        events.extend([(at, 0, poll(count + 1)), (at, 0, end)]);
    }
    let layout = Layout::of(&trace(&[(None, Outcome::Ready)], events), SIZES);
    let gaps: Vec<f64> =
        layout.instants.windows(2).map(|pair| pair[1].left - pair[0].right).collect();
    assert!(gaps[0] >= SIZES.gap && gaps[1] > 2.0 * gaps[0], "{gaps:?}");
    assert!(layout.width <= SIZES.width);
}

#[test]
fn a_timer_that_nobody_answers_is_late() {
    use What::{Pending, Ready, Spawn, Waited};
    let mut trace = trace(
        &[(None, Outcome::Ready), (Some(0), Outcome::Ready)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 1, Spawn),
            (0, 0, What::Wait { wait: 0 }),
            (0, 0, Pending),
            (0, 1, poll(1)),
            (4 * SECOND, 1, Ready),
            (4 * SECOND, 0, wake(By::Timer)),
            (4 * SECOND, 0, poll(2)),
            (4 * SECOND, 0, Waited { wait: 0 }),
            (4 * SECOND, 0, Ready),
        ],
    );
    let (from, to) = (0, 4 * SECOND);
    trace.waits.push(Wait { deadline: Some(SECOND), ..sleep(0, from, to, WaitEnd::Ready) });
    let layout = Layout::of(&trace, SIZES);
    let (from, to) = (layout.wait_from(3, 0), layout.wait_to(9));
    let due = layout.due(&trace.waits[0], from, to);
    // A quarter of the way from one instant to the other, that is, of the poll
    // that holds the thread.
    let (left, right) = (layout.instants[0].right, layout.instants[1].left);
    assert_eq!(due, left + (right - left) / 4.0);
    assert!(text::lanes(&trace, Locale::En, 80).contains("░ 3 s late ░"));
    assert!(Locale::Zh.sentences(&trace).iter().any(|told| told.contains("迟了 3 秒")));
    assert!(svg::draw(&trace, Locale::En, 720).contains("wb-late"));

    trace.waits[0].deadline = Some(4 * SECOND - 50_000);
    assert_eq!(layout.due(&trace.waits[0], from, to), to, "a little late is not late");
    assert!(!svg::draw(&trace, Locale::En, 720).contains("wb-late\""));
}

#[test]
fn words_keep_clear_of_each_other() {
    use What::{Pending, Ready, Spawn};
    let long = "一行很长的输出，比窄屏还要长得多，多得多，多得多";
    for polls in [1, 2, 5, 30] {
        let mut events = vec![(0, 0, Spawn)];
        for count in 1..=polls {
            let at = count as Micros * 50_000;
            let end = if count == polls { Ready } else { Pending };
            events.extend([(at, 0, poll(count)), (at, 0, print(long)), (at, 0, end)]);
        }
        let trace = trace(&[(None, Outcome::Ready)], events);
        for (locale, width) in [(Locale::En, 720), (Locale::Zh, 360)] {
            let picture = svg::draw(&trace, locale, width);
            assert_eq!(pictures::overlap(&picture), None);
        }
    }
}

#[test]
fn the_widgets_data_points_at_the_events() {
    use What::{Pending, Ready, Spawn, Waited};
    let mut trace = trace(
        &[(None, Outcome::Ready)],
        vec![
            (0, 0, Spawn),
            (0, 0, poll(1)),
            (0, 0, What::Wait { wait: 0 }),
            (0, 0, Pending),
            (SECOND, 0, wake(By::Timer)),
            (SECOND, 0, poll(2)),
            (SECOND, 0, Waited { wait: 0 }),
            (SECOND, 0, Ready),
        ],
    );
    trace.waits.push(sleep(0, 0, SECOND, WaitEnd::Ready));
    let data = widget::data(&trace, Locale::En);
    assert_eq!(data.events[2].x, Some(6));
    assert_eq!(data.events[2].u, Some(SECOND));
    assert_eq!(data.events[4].y, Some("timer".into()));
}

#[test]
fn a_trace_survives_json() {
    let trace =
        trace(&[(None, Outcome::Running)], vec![(0, 0, What::Spawn), (0, 0, print("“文”"))]);
    let json = serde_json::to_string(&Traces::new(vec![trace.clone()])).expect("plain data");
    let read: Traces = serde_json::from_str(&json).expect("just written");
    assert_eq!((read.version, read.traces), (VERSION, vec![trace]));
}
