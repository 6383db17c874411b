//! Charts as inline SVG.

use k6_cloud::metrics::text::number;
use maud::{Markup, html};

use super::scale::{TimeUnit, ticks};
use crate::report::model::SeriesPoint;
use crate::report::shown::minute;
use k6_cloud::wire::Timestamp;

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 210.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
/// How many points are drawn at most: one for each two pixels.
const MOST_POINTS: usize = 220;

/// A line over time.
pub(super) struct Chart<'a> {
    pub(super) title: &'static str,
    /// The class that gives the colour.
    pub(super) class: &'static str,
    pub(super) show: fn(f64) -> String,
    pub(super) points: &'a [SeriesPoint],
    pub(super) limit: Option<f64>,
}

/// The time that all charts share.
pub(super) struct Span {
    start: Timestamp,
    seconds: f64,
    unit: TimeUnit,
}

/// A value in the chart's own units: seconds since the start.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spot {
    seconds: f64,
    value: f64,
}

impl Span {
    /// Returns the time from the first point to the last; `None` if there are no values.
    pub(super) fn of(charts: &[Chart<'_>]) -> Option<Self> {
        let points = || charts.iter().flat_map(|chart| chart.points);
        let times = || {
            points().filter(|point| point.value.is_some_and(f64::is_finite)).map(|point| point.at)
        };
        let (start, end) = (times().min()?, times().max()?);
        let seconds = (*end - *start).as_seconds_f64();
        Some(Self { start, seconds, unit: TimeUnit::of(seconds) })
    }

    pub(super) fn start_text(&self) -> String {
        minute(self.start)
    }

    pub(super) fn unit_text(&self) -> &'static str {
        self.unit.name()
    }

    fn x(&self, seconds: f64) -> f64 {
        let length = if self.seconds > 0.0 { self.seconds } else { 1.0 };
        LEFT + seconds / length * (WIDTH - LEFT - RIGHT)
    }

    /// Returns positions and labels of the axis.
    fn ticks(&self) -> Vec<(f64, String)> {
        let unit = self.unit.seconds();
        let ticks = ticks(self.seconds / unit).into_iter();
        let ticks = ticks.filter(|tick| *tick * unit <= self.seconds + 1e-9);
        ticks.map(|tick| (self.x(tick * unit), number(tick))).collect()
    }
}

impl Chart<'_> {
    pub(super) fn has_values(&self) -> bool {
        self.points.iter().any(|point| point.value.is_some_and(f64::is_finite))
    }

    /// Returns the values in parts without gaps.
    fn parts(&self, span: &Span) -> Vec<Vec<Spot>> {
        let mut points: Vec<&SeriesPoint> = self.points.iter().collect();
        points.sort_by_key(|point| point.at);
        let parts = points.split(|point| point.value.is_none_or(|value| !value.is_finite()));
        let parts = parts.filter(|part| !part.is_empty());
        let spots = parts.map(|part| {
            let spot = |point: &&SeriesPoint| {
                let seconds = (*point.at - *span.start).as_seconds_f64();
                Some(Spot { seconds, value: point.value?.max(0.0) })
            };
            part.iter().filter_map(spot).collect::<Vec<_>>()
        });
        let spots: Vec<_> = spots.collect();
        let all: usize = spots.iter().map(Vec::len).sum();
        let size = all.div_ceil(MOST_POINTS).max(1);
        spots.into_iter().map(|part| thinned(&part, size)).collect()
    }

    pub(super) fn draw(&self, span: &Span) -> Markup {
        let parts = self.parts(span);
        let values = || parts.iter().flatten().map(|spot| spot.value);
        let peak = values().reduce(f64::max).unwrap_or(0.0);
        let y_ticks = ticks(peak.max(self.limit.unwrap_or(0.0)));
        let top = y_ticks.last().copied().unwrap_or(1.0);
        let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
        let bottom = HEIGHT - BOTTOM;
        let summary = format!("highest {}", (self.show)(peak));
        html! {
            figure class=(self.class) {
                figcaption { span { (self.title) } small { (summary) } }
                svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(format!("{}: {summary}", self.title)) {
                    @for tick in &y_ticks {
                        line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(y(*tick))) y2=(px(y(*tick))) {}
                        text x=(LEFT - 8.0) y=(px(y(*tick) + 4.0)) text-anchor="end" { ((self.show)(*tick)) }
                    }
                    line.axis x1=(LEFT) x2=(WIDTH - RIGHT) y1=(bottom) y2=(bottom) {}
                    @for (x, label) in span.ticks() {
                        line.axis x1=(px(x)) x2=(px(x)) y1=(bottom) y2=(bottom + 4.0) {}
                        text x=(px(x)) y=(bottom + 18.0) text-anchor="middle" { (label) " " (span.unit.symbol()) }
                    }
                    @for part in &parts { (line(part, span, &y, bottom)) }
                    @if let Some(limit) = self.limit {
                        line.limit x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(y(limit))) y2=(px(y(limit))) {}
                        text.limit-text x=(WIDTH - RIGHT) y=(px(y(limit) - 5.0)) text-anchor="end" { "limit " ((self.show)(limit)) }
                    }
                    (self.hover(&parts, span, &y))
                }
            }
        }
    }

    /// Returns areas that show time and value under the pointer.
    fn hover(&self, parts: &[Vec<Spot>], span: &Span, y: &impl Fn(f64) -> f64) -> Markup {
        let spots: Vec<Spot> = parts.iter().flatten().copied().collect();
        let middle = |a: f64, b: f64| f64::midpoint(span.x(a), span.x(b));
        html! {
            @for (index, spot) in spots.iter().enumerate() {
                @let x = span.x(spot.seconds);
                @let from = index.checked_sub(1).map_or(LEFT, |at| middle(spots[at].seconds, spot.seconds));
                @let to = spots.get(index + 1).map_or(WIDTH - RIGHT, |next| middle(spot.seconds, next.seconds));
                g.hover {
                    title { (number(spot.seconds / span.unit.seconds())) " " (span.unit.symbol()) ": " ((self.show)(spot.value)) }
                    rect x=(px(from)) y=(TOP) width=(px((to - from).max(0.0))) height=(HEIGHT - TOP - BOTTOM) {}
                    line x1=(px(x)) x2=(px(x)) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                    circle cx=(px(x)) cy=(px(y(spot.value))) r="4" {}
                }
            }
        }
    }
}

/// Keeps the highest of each `size` neighbours, so that no peak is lost.
fn thinned(spots: &[Spot], size: usize) -> Vec<Spot> {
    let highest =
        |group: &[Spot]| group.iter().copied().reduce(|a, b| if b.value > a.value { b } else { a });
    spots.chunks(size).filter_map(highest).collect()
}

fn line(part: &[Spot], span: &Span, y: &impl Fn(f64) -> f64, bottom: f64) -> Markup {
    let at = |spot: &Spot| format!("{} {}", px(span.x(spot.seconds)), px(y(spot.value)));
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return html! {} };
    if part.len() == 1 {
        return html! { circle.dot cx=(px(span.x(first.seconds))) cy=(px(y(first.value))) r="3" {} };
    }
    let path = part.iter().map(at).collect::<Vec<_>>().join(" L");
    let (from, to) = (px(span.x(first.seconds)), px(span.x(last.seconds)));
    html! {
        path.area d=(format!("M{from} {bottom} L{path} L{to} {bottom} Z")) {}
        path.series d=(format!("M{path}")) {}
    }
}

/// Returns a length with at most one decimal.
fn px(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.is_finite() { (rounded + 0.0).to_string() } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Spot, px, thinned};

    #[test]
    fn thinning_keeps_peaks() {
        let values = [1.0, 9.0, 2.0, 3.0, 4.0];
        let spots = values.map(|value| Spot { seconds: value, value });
        let kept: Vec<_> = thinned(&spots, 2).iter().map(|spot| spot.value).collect();
        assert_eq!(kept, [9.0, 3.0, 4.0]);
        assert_eq!(thinned(&spots, 1).len(), 5);
    }

    #[test]
    fn lengths_are_short_numbers() {
        assert_eq!(px(12.345), "12.3");
        assert_eq!(px(12.0), "12");
        assert_eq!(px(f64::NAN), "0");
    }
}
