//! The rules for deprecation and announced removals.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::Severity::Additive;
use super::located::Located;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};
use crate::removals::{date_in, is_date_key, removal_date};
use openapi_lowering::problem::Place;

/// What a part of a description says about its own deprecation.
pub(super) struct Notice<'a> {
    at: Place,
    flag: Option<Located<'a>>,
    date: Option<Located<'a>>,
    description: Option<Located<'a>>,
}

impl<'a> Notice<'a> {
    pub(super) fn of(part: &Located<'a>) -> Self {
        Self::from_members(part.at.clone(), part.members().into_iter())
    }

    /// The notice in the keywords of a schema.
    pub(super) fn in_keywords(at: &Place, keywords: &BTreeMap<&'a str, Located<'a>>) -> Self {
        let members = keywords.iter().map(|(key, part)| (*key, part.clone()));
        Self::from_members(at.clone(), members)
    }

    fn from_members(at: Place, members: impl Iterator<Item = (&'a str, Located<'a>)>) -> Self {
        let mut notice = Self { at, flag: None, date: None, description: None };
        for (key, part) in members {
            match key {
                "deprecated" => notice.flag = Some(part),
                "description" => notice.description = Some(part),
                key if is_date_key(key) => notice.date = Some(part),
                _ => {}
            }
        }
        notice
    }

    fn is_deprecated(&self) -> bool {
        self.flag.as_ref().is_some_and(|flag| flag.value == &Value::Bool(true))
    }

    fn removal_date(&self) -> Option<NaiveDate> {
        removal_date(self.date.as_ref().map(|date| date.value), self.prose())
    }

    fn prose(&self) -> Option<&'a str> {
        self.description.as_ref()?.value.as_str()
    }

    /// Whether the descriptions of two notices differ in the announced date alone, which is a
    /// change of its own.
    pub(super) fn is_told_by_date(&self, new: &Self) -> bool {
        let (Some(old_text), Some(new_text)) = (self.prose(), new.prose()) else { return false };
        let deprecated = self.is_deprecated() && new.is_deprecated();
        match (date_in(old_text), date_in(new_text)) {
            (Some((was, a)), Some((is, b))) if deprecated && was != is => {
                self.removal_date() != new.removal_date()
                    && old_text[..a.start] == new_text[..b.start]
                    && old_text[a.end..] == new_text[b.end..]
            }
            _ => false,
        }
    }
}

impl<'a> Comparison<'a> {
    /// Compares whether two parts are deprecated, and the announced date of their removal. The date
    /// may stand in an extension, in the prose, or in both: it is one fact.
    pub(super) fn deprecation(&mut self, old: &Notice<'a>, new: &Notice<'a>, usage: &Usage) {
        let is_operation = usage.operation.is_some() && usage.member.is_none();
        let dates = (old.removal_date(), new.removal_date());
        let text = |date: Option<NaiveDate>| date.map(|date| date.to_string());
        match (old.is_deprecated(), new.is_deprecated()) {
            (false, true) => {
                let rule = if is_operation { &OPERATION_DEPRECATED } else { &DEPRECATED };
                let site = Site::of(old.flag.as_ref(), new.flag.as_ref());
                let site = site.texts(None, text(dates.1));
                let sentence = until(dates.1, self.ground.terms.today);
                self.plain(usage, site, rule, Additive, sentence);
            }
            (true, false) => {
                let rule = if is_operation { &OPERATION_UNDEPRECATED } else { &UNDEPRECATED };
                let site = Site::of(old.flag.as_ref(), new.flag.as_ref()).texts(None, None);
                self.plain(usage, site, rule, Additive, "It is there to stay.");
            }
            (true, true) if dates.0 != dates.1 => self.removal_moved(old, new, usage),
            // Without any effect on the date, it is an extension like any other.
            _ => {
                let value = |notice: &Notice<'a>| notice.date.as_ref().map(|date| date.value);
                if value(old) != value(new) {
                    let (old, new) = (old.date.clone(), new.date.clone());
                    self.extension(&Member { key: "", old, new }, usage);
                }
                return;
            }
        }
        self.claim(old.date.as_ref(), new.date.as_ref());
    }

    fn removal_moved(&mut self, old: &Notice<'a>, new: &Notice<'a>, usage: &Usage) {
        let (was, is) = (old.removal_date(), new.removal_date());
        let source =
            |notice: &Notice<'a>| notice.date.as_ref().or(notice.description.as_ref()).cloned();
        let site = match (source(old), source(new)) {
            (None, None) => Site::at(&old.at, &new.at),
            (old, new) => Site::of(old.as_ref(), new.as_ref()),
        };
        let text = |date: Option<NaiveDate>| date.map(|date| date.to_string());
        let site = site.texts(text(was), text(is));
        let (rule, sentence) = match (was, is) {
            (Some(was), Some(is)) if is < was => {
                let days = (was - is).num_days();
                let unit = if days == 1 { "day" } else { "days" };
                let sentence = format!(
                    "It works until its removal, now announced for {is}, {days} {unit} earlier \
                     than before."
                );
                let past = is < self.ground.terms.today;
                let sentence =
                    if past { until(Some(is), self.ground.terms.today) } else { sentence };
                (&REMOVAL_DATE_BROUGHT_FORWARD, sentence)
            }
            (None, Some(_)) => (&REMOVAL_ANNOUNCED, until(is, self.ground.terms.today)),
            _ => (&REMOVAL_DATE_CHANGED, until(is, self.ground.terms.today)),
        };
        self.plain(usage, site, rule, Additive, sentence);
    }
}

fn until(date: Option<NaiveDate>, today: NaiveDate) -> String {
    match date {
        Some(date) if date < today => {
            let days = (today - date).num_days();
            let unit = if days == 1 { "day" } else { "days" };
            format!(
                "Its removal was announced for {date}, {days} {unit} ago: it may stop working at any \
                 time."
            )
        }
        Some(date) => format!("It works until its removal, announced for {date}."),
        None => "It works until its removal, for which no date is announced.".to_owned(),
    }
}
