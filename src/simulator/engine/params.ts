// A request's checked parameters, read by name and type. Nothing is checked again here.

/** Text for all but arrays; booleans are "1" and "0". */
export type Checked = Record<string, string | string[]>;

export class Params {
  private readonly values: Checked;

  constructor(values: Checked) {
    this.values = values;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** The text of a parameter; a list is joined with commas. */
  text(name: string): string | undefined {
    const value = this.values[name];
    return Array.isArray(value) ? value.join(",") : value;
  }

  /** The text of a parameter that the door has found to be there. */
  need(name: string): string {
    return this.text(name) ?? "";
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  flag(name: string): boolean {
    return this.text(name) === "1";
  }

  /** A list: an array parameter's items, or a text cut at commas, semicolons and blanks. */
  list(name: string): string[] {
    const value = this.values[name];
    if (value === undefined) return [];
    const parts = Array.isArray(value) ? value : value.split(/[,;\s\0]+/);
    return parts.filter((part) => part !== "");
  }

  /** The items of an array parameter, as they are. */
  array(name: string): string[] {
    const value = this.values[name];
    return value === undefined ? [] : [value].flat();
  }

  /** Every parameter but the named ones, as text. */
  rest(...without: string[]): Record<string, string> {
    const names = Object.keys(this.values).filter((name) => !without.includes(name));
    return Object.fromEntries(names.map((name) => [name, this.need(name)]));
  }
}
