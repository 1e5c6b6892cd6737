/** What a procedure adds to the statistics beyond its states: a count of ended cases by one or two of their values. */
export interface Figure {
  name: string;
  title: string;
  procedure: string;
  /** Only cases in these states count. */
  states: readonly string[];
  /** One or two values to count by: where it stands in the case, its title, its words in their order. */
  by: readonly { path: string; title: string; words: Readonly<Record<string | number, string>> }[];
}
