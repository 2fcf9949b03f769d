import { type FieldRule, Refusal, type Resource, type Resources, type Row, type Tables, table } from "./engine";

const TEXT = ["string", "text", "email", "url", "phone", "image"];

function problem(rule: FieldRule, value: unknown): string | undefined {
  const { type, min, max, visible, pattern, options } = rule;
  if (value === null) return rule.nullable ? undefined : "Input should not be null";
  if (options) return options.includes(String(value)) ? undefined : `Input should be ${options.join(" or ")}`;
  if (type === "boolean") return typeof value === "boolean" ? undefined : "Input should be a valid boolean";
  if (type === "date" || type === "datetime") {
    return Number.isNaN(Date.parse(String(value))) ? "Input should be a valid date" : undefined;
  }
  if (TEXT.includes(type)) {
    const text = String(value);
    if (text.length > (max ?? Number.POSITIVE_INFINITY)) return `String should have at most ${max} characters`;
    if (visible && text.trim() === "") return "String should have at least 1 character";
    return !pattern || pattern.test(text) ? undefined : `String should match pattern '${pattern.source}'`;
  }
  const number = Number(value);
  if (typeof value !== "number" || Number.isNaN(number)) return "Input should be a valid number";
  if (min !== undefined && number < min) return `Input should be greater than or equal to ${min}`;
  if (max !== undefined && number > max) return `Input should be less than or equal to ${max}`;
  return undefined;
}

/** What a body has to be: 422 for its values, 404 for what it refers to. */
export function checkValues(
  resources: Resources,
  db: Tables,
  resource: Resource,
  body: Record<string, unknown>,
  creating: boolean,
): void {
  const found: [string, string][] = [];
  for (const [name, rule] of Object.entries(resource.fields)) {
    const missing = body[name] === undefined;
    const message = missing ? (creating && rule.must ? "Field required" : undefined) : problem(rule, body[name]);
    if (message) found.push([name, message]);
  }
  for (const [name, { must }] of Object.entries(resource.ones ?? {})) {
    const value = body[`${name}_id`];
    if (must && (value === null || (creating && value === undefined))) found.push([`${name}_id`, "Field required"]);
  }
  if (found.length > 0) {
    throw new Refusal(
      422,
      found.map(([field, msg]) => ({ loc: ["body", field], msg, type: "value_error" })),
    );
  }
  const has = (slug: string, id: unknown) => table(db, resources[slug]?.table ?? "").some((row) => row.id === id);
  for (const [name, { target, label }] of Object.entries(resource.ones ?? {})) {
    const id = body[`${name}_id`];
    if (id && !has(target, id)) throw new Refusal(404, `${label} not found`);
  }
  for (const { target, column } of Object.values(resource.manys ?? {})) {
    const missing = ((body[column] ?? []) as string[]).some((id) => !has(target, id));
    if (missing) throw new Refusal(404, `${resources[target]?.label} not found`);
  }
}

const labelOf = (resource: Resource, column: string) =>
  (resource.fields[column]?.label ?? resource.ones?.[column.replace(/_id$/, "")]?.label ?? column).toLowerCase();

/** What has to hold between rows: 409 where something is taken or overlaps. */
export function checkRules(resource: Resource, db: Tables, row: Row): void {
  const others = table(db, resource.table).filter((other) => other.id !== row.id);
  const same = (columns: string[]) =>
    columns.every((column) => row[column] !== null)
      ? others.filter((other) => columns.every((column) => other[column] === row[column]))
      : [];
  const unique = Object.keys(resource.fields).filter((name) => resource.fields[name]?.unique);
  for (const columns of [...unique.map((name) => [name]), ...(resource.uniqueTogether ?? [])]) {
    if (same(columns).length > 0) {
      const labels = columns.map((column) => labelOf(resource, column)).join(" and ");
      throw new Refusal(409, `${resource.aNoun} with this ${labels} already exists`);
    }
  }
  for (const { start, end, scope } of resource.noOverlap ?? []) {
    const moment = (other: Row, column: string) => Date.parse(String(other[column]));
    if (moment(row, end) <= moment(row, start)) {
      const msg = `${resource.fields[end]?.label} has to be after ${labelOf(resource, start)}`;
      throw new Refusal(422, [{ loc: ["body", end], msg, type: "value_error" }]);
    }
    const clash = (other: Row) => moment(other, start) < moment(row, end) && moment(other, end) > moment(row, start);
    if (same(scope).some(clash)) {
      const labels = scope.map((column) => labelOf(resource, column)).join(" and ");
      const whose = labels ? ` of the same ${labels}` : "";
      throw new Refusal(409, `It overlaps with another ${resource.label.toLowerCase()}${whose}`);
    }
  }
}
