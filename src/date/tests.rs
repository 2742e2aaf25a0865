//! Days are read as they are written, one after the other, and only those there are.

use super::{DAYS_TO_1970, Date};

#[test]
fn days_follow_each_other_as_in_the_calendar() {
    let known = [(0, "0001-01-01"), (DAYS_TO_1970, "1970-01-01"), (DAYS_TO_1970 + 11_016, "2000-02-29")];
    for (day, text) in known {
        assert_eq!(Date::of_day(day).to_string(), text);
    }
    let days: Vec<Date> = (0..40 * 366).map(Date::of_day).collect();
    assert!(days.is_sorted_by(|one, next| one < next));
    assert!(days.iter().all(|day| Date::parse(&day.to_string()) == Some(*day)));
    assert_eq!(Date::of_day(u64::MAX).to_string(), "9999-12-31");
    for (at, day) in (0..).zip(&days) {
        assert_eq!((days[0].plus(at), day.days_since(days[0]), days[0].days_since(*day)), (*day, u64::from(at), 0));
    }
    assert_eq!(Date::parse("2026-01-05").map(|day| day.plus(360).to_string()).as_deref(), Some("2026-12-31"));
}

#[test]
fn what_is_no_day_is_not_read() {
    let none =
        ["", "2027", "2027-1-31", "2027-01-32", "2027-02-29", "1900-02-29", "2027-00-10", "2027-13-01", "0000-01-01"];
    let odd = ["27-01-31", "2027/01/31", "2027-01-31 ", "+027-01-31", "２０２７-01-31", "2027-01-3１", "20270-1-31"];
    for text in none.into_iter().chain(odd) {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    assert!(Date::parse("2028-02-29").is_some() && Date::parse("2000-02-29").is_some());
}
