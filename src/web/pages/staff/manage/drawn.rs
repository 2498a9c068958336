//! Pictures of figures, as SVG without styles of their own. They only repeat what a table beside them says.

use charts_rs::{HorizontalBarChart, svg_with_accessibility};
use maud::{Markup, PreEscaped};
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

/// Bars side by side, or one after the other.
#[derive(Clone, Debug)]
pub(super) struct Bars {
    /// What each row is about.
    pub(super) rows: Vec<String>,
    /// What is drawn in every row: its name, and a value a row.
    pub(super) series: Vec<(&'static str, Vec<Decimal>)>,
    /// How they stand.
    pub(super) stands: Stands,
}

/// How bars of several series stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// Beside each other.
    Beside,
    /// One after the other.
    Together,
    /// One after the other, the first of them unseen: steps of a waterfall.
    Hanging,
}

/// Dark blue, orange, turquoise: told apart by everybody, each at 3 to 1 against white.
const COLOURS: [&str; 3] = ["#12436D", "#F46A25", "#28A197"];
const UNSEEN: &str = "#FFFFFF";
const INK: &str = "#0B0C0C";
const GRID: &str = "#CECECE";

const WIDTH: u16 = 760;
const ROW: usize = 26;
/// The key, the axis, and the air around them.
const AROUND: usize = 110;

/// A picture that is called so, and says in words what it shows; none where there is nothing to draw.
pub(super) fn bars(it: &Bars, title: &str, told: &str) -> Option<Markup> {
    let hangs = it.stands == Stands::Hanging;
    let is_empty = it.series.iter().all(|(_, values)| values.iter().all(Decimal::is_zero));
    let per_row = if it.stands == Stands::Beside { it.series.len() } else { 1 };
    let height = it.rows.len().saturating_mul(ROW.saturating_mul(per_row)).saturating_add(AROUND);
    let colours: Vec<_> = if hangs { [UNSEEN].into_iter().chain(COLOURS).collect() } else { COLOURS.to_vec() };
    // The first row is drawn lowest: it is read first here.
    let rows: Vec<_> = it.rows.iter().rev().collect();
    let series: Vec<_> = it.series.iter().enumerate().map(|(place, one)| series(it.stands, place, one)).collect();
    let chart = json!({
        "width": WIDTH, "height": height, "margin": {"left": 5, "top": 15, "right": 60, "bottom": 10},
        "font_family": "Arial", "series_list": series, "x_axis_data": rows, "x_axis_font_size": 14,
        "x_axis_font_color": INK, "y_axis_configs": [{"axis_font_size": 14, "axis_font_color": INK, "axis_min": 0}],
        "series_colors": colours, "series_label_font_size": 14, "series_label_font_color": INK, "grid_stroke_color": if hangs { UNSEEN } else { GRID },
        "legend_show": it.series.len() > 1 && !hangs, "legend_font_size": 14, "legend_font_color": INK, "legend_category": "rect",
        "series_label_position": "right",
    });
    let drawn = HorizontalBarChart::from_json(&chart.to_string()).and_then(|it| it.svg());
    match drawn {
        Ok(svg) if !is_empty => Some(PreEscaped(svg_with_accessibility(&svg, title, told))),
        Ok(_) => None,
        Err(error) => {
            tracing::error!(%error, "a chart cannot be drawn; its table is shown");
            None
        }
    }
}

/// One of the series, as the library reads it.
fn series(stands: Stands, place: usize, (name, values): &(&str, Vec<Decimal>)) -> Value {
    let data: Vec<_> = values.iter().rev().map(|it| number(*it)).collect();
    // Bars that stand on others have no room for their own numbers, which the table has.
    let labelled = match stands {
        Stands::Beside => true,
        Stands::Together => false,
        Stands::Hanging => place > 0,
    };
    let mut series = json!({"name": name, "data": data, "label_show": labelled});
    if let (Some(fields), true) = (series.as_object_mut(), stands != Stands::Beside) {
        fields.insert("stack".to_owned(), json!("one"));
    }
    series
}

/// A value as a picture needs it: only to draw, never to reckon with.
fn number(it: Decimal) -> Value {
    serde_json::from_str::<Number>(&it.to_string()).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_name_and_no_style_and_what_it_says_is_text() {
        let values = |all: [i64; 2]| all.map(Decimal::from).to_vec();
        for stands in [Stands::Beside, Stands::Together, Stands::Hanging] {
            let it = Bars {
                rows: vec!["web".into(), "<script>alert(1)</script>".into()],
                series: vec![("received", values([420, 3])), ("straight through", values([272, 0]))],
                stands,
            };
            let svg = bars(&it, "By channel", "web: 420 received").unwrap().into_string();
            assert!(svg.contains("role=\"img\"") && svg.contains("<title>By channel</title>"), "{svg}");
            assert!(
                svg.contains("<desc>web: 420 received</desc>") && !svg.contains("style") && !svg.contains("<script")
            );
        }
        let none = Bars { rows: Vec::new(), series: vec![("received", Vec::new())], stands: Stands::Beside };
        assert!(bars(&none, "x", "y").is_none());
    }
}
