import { figure, matches, present, type Resources, type Row, type Tables, table, type Where } from "./engine";

const DAY = 86_400_000;

export interface WidgetRule {
  key: string;
  kind: "stat" | "timeseries" | "breakdown" | "ranking" | "recent";
  resource: string;
  op?: "sum" | "avg";
  of?: string;
  by?: string;
  series?: string[];
  days?: number;
  where?: Where;
  /** Only rows whose date lies before today. */
  overdue?: string;
  compare?: boolean;
}

/** Every widget's figures, by its key. */
export function dashboard(widgets: WidgetRule[], resources: Resources, db: Tables): Record<string, unknown> {
  return Object.fromEntries(widgets.map((widget) => [widget.key, answer(widget, resources, db)]));
}

function answer(widget: WidgetRule, resources: Resources, db: Tables): unknown {
  const resource = resources[widget.resource];
  if (!resource) return [];
  const today = new Date().toISOString();
  const { overdue, op, of, by = "" } = widget;
  const late = (row: Row) => {
    const value = overdue ? row[overdue] : undefined;
    return !!value && String(value) < today.slice(0, String(value).length);
  };
  const rows = table(db, resource.table).filter((row) => matches(row, widget.where) && (!overdue || late(row)));
  switch (widget.kind) {
    case "stat":
      return {
        value: figure(rows, op, of),
        current: widget.compare ? made(rows, 0) : null,
        previous: widget.compare ? made(rows, 7) : null,
      };
    case "timeseries":
      return Array.from({ length: widget.days ?? 14 }, (_, index) => {
        const day = new Date(Date.now() - ((widget.days ?? 14) - 1 - index) * DAY).toISOString().slice(0, 10);
        const counts = (widget.series ?? []).map((name) => [
          name,
          rows.filter((row) => String(row[name] ?? "").startsWith(day)).length,
        ]);
        return { day, ...Object.fromEntries(counts) };
      });
    case "breakdown":
      return (resource.fields[by]?.options ?? []).map((key) => ({
        key,
        value: figure(
          rows.filter((row) => row[by] === key),
          op,
          of,
        ),
      }));
    case "ranking": {
      const target = resources[resource.ones?.[by]?.target ?? ""];
      const title = target?.ref[0] ?? "id";
      return table(db, target?.table ?? "")
        .map((other) => ({ other, own: rows.filter((row) => row[`${by}_id`] === other.id) }))
        .filter(({ own }) => own.length > 0)
        .map(({ other, own }) => ({ id: other.id, name: String(other[title]), value: figure(own, op, of) }))
        .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
        .slice(0, 6);
    }
    case "recent":
      return [...rows]
        .sort((a, b) => String(b.updated_at).localeCompare(String(a.updated_at)))
        .slice(0, 6)
        .map((row) => present(resources, db, resource, row));
  }
}

/** Rows made in the seven days that ended so many days ago. */
function made(rows: Row[], ago: number): number {
  const age = (row: Row) => (Date.now() - Date.parse(String(row.created_at))) / DAY;
  return rows.filter((row) => age(row) >= ago && age(row) < ago + 7).length;
}
