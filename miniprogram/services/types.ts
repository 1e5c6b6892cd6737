/** What the server answers, as far as the pages use it. A test holds these against the server's own types. */

export type Kind = 'text' | 'longText' | 'choice' | 'choices' | 'number' | 'money' | 'day' | 'yesNo' | 'agreed' | 'files'
  | 'organisation' | 'case' | 'list' | 'group' | 'sensitive' | 'structure';

export interface FieldDescription {
  name: string;
  label: string;
  kind: Kind;
  required: boolean;
  hint?: string;
  min?: number;
  max?: number;
  unit?: string;
  options?: { value: string | number; label: string }[];
  fields?: FieldDescription[];
  /** Of an organisation, set by the page: who may be chosen. */
  listed?: boolean;
  except?: string[];
  of?: { procedure: string; state?: string };
  widget?: string;
}

export interface MoveView {
  move: string;
  title: string;
  article: string;
  confirm: boolean;
  /** What follows from it, said before it is made. */
  follows?: string;
  form: FieldDescription[];
  /** What stands in the form at first. */
  values?: Record<string, unknown>;
}
export interface Opening extends MoveView { procedure: string; procedureTitle: string }
export interface State { name: string; title: string; end: boolean }
export interface Party { party: string; title: string; name: string }

export interface CaseLine {
  no: string;
  procedure: string;
  title: string;
  state: State;
  parties: Party[];
  subject?: string;
  due: string | null;
  inWords: string | null;
  waitsForMe: boolean;
  openedAt: string;
  updatedAt: string;
}

export interface TimelineEntry { seq: number; at: string; title: string; by: string; article: string; articleInWords: string; note?: string; again?: true; head: string }

export interface CaseView {
  no: string;
  procedure: string;
  title: string;
  article: string;
  state: State;
  version: number | null;
  /** In which capacity it is seen. */
  as: string;
  parties: Party[];
  subject?: string;
  data: Record<string, unknown>;
  fields: FieldDescription[];
  timeline: TimelineEntry[];
  clock: { label: string; article: string; due: string; inWords: string; provisional: boolean; paused: boolean; pauseReason?: string } | null;
  waitsFor: string;
  waitsForMe: boolean;
  /** For who is awaited: what follows if nothing comes, and the like. */
  says?: string;
  links: { no: string; relation: string }[];
  moves: MoveView[];
  openedAt: string;
  closedAt: string | null;
  head: string;
}

export interface Receipt { no: string; procedure: string; move: string; state: string; seq: number; at: string; article: string; head: string }
export interface Page<T> { items: T[]; next: string | null }
export interface Fault { field: string; message: string }

export interface Provider { id: string; name: string; region: string; sector: string | null; standing: 'listed' | 'removed'; since: string | null; article: string | null }

/** A provider's page: how its standing changed, latest first, and how much it has carried through. */
export interface ProviderPage { id: string; name: string; region: string; sector: string | null; standing: string; history: { standing: string; at: string; articleInWords: string | null }[]; record: { procedure: string; label: string; count: number }[] }
/** What the measures make public; `body` is plain text with line breaks. */
export interface PublicNotice { id: string; kind: 'standing' | 'batch'; title: string; body: string; article: string; publishedAt: string; subject: { kind: 'provider' | 'case'; id: string; name: string } }
/** A procedure in words, for filters. */
export interface ProcedureWords { name: string; title: string; states: { name: string; title: string; end: boolean }[] }

export interface StoredFile { id: string; name: string; mime: string; size: number; url: string }

export interface InboxMessage {
  id: string;
  no: string | null;
  /** Null where the list must not tell what kind of case it is. */
  procedure: string | null;
  title: string;
  text: string;
  articleInWords: string | null;
  task: boolean;
  /** Was a task and waits no more. */
  settled: boolean;
  inWords: string | null;
  org: string | null;
  createdAt: string;
  seenAt: string | null;
}

/** A line of who asked for, agreed to or looked at the identity behind my report; handlers are numbered, not named. */
export interface IdentityOpening { at: string; step: 'requested' | 'approved' | 'opened' | 'erased'; inWords: string; no: string; opening: string; by: string; reason: string | null }
/** An article in plain words, and the numbers that serve it. */
export interface Article { no: string; inWords: string; title: string; summary: string; official: { text: string } | null; parameters: { id: string; label: string; inWords: string }[] }

export type Role = 'citizen' | 'enterprise' | 'provider';
/** `standing`: of a provider, where it stands in the register. */
export interface Organisation { id: string; name: string; kind: 'enterprise' | 'provider'; region: string; role: string; standing?: string | null }
export interface Me {
  person: { id: string; phone: string | null };
  acting: { roles: string[]; org: string | null };
  organisations: Organisation[];
  invitations: { id: string; org: string; name: string }[];
}
export interface Member { person: string; role: 'owner' | 'member'; powers: string[]; since: string; phone: string | null }
export interface Invitation { id: string; phone: string; powers: string[]; expiresAt: string }
export interface Tokens { access: string; refresh: string }
export interface Claim { id: string; uscc: string; name: string; kind: string; status: string; reason: string | null; createdAt: string }

export interface QuickReply { label: string; pick: string }
export interface Row { label: string; value: string }
/** A survey on one card: its fields, what was said so far, what it is about. */
export interface Survey { fields: FieldDescription[]; values: Record<string, unknown>; rows: Row[] }
export interface Reply {
  type: 'text' | 'ask' | 'answer' | 'summary' | 'receipt' | 'case' | 'providers' | 'page';
  text: string;
  quick?: QuickReply[];
  /** `ask`: the form it is about, and the field. */
  form?: string;
  field?: FieldDescription;
  survey?: Survey;
  title?: string;
  /** `summary`, `case`. */
  rows?: Row[];
  no?: string;
  state?: string;
  /** `summary`: what it is confirmed by, and who one is, where that must be given along. */
  hash?: string;
  sealed?: FieldDescription[];
  receipt?: Receipt;
  /** `answer`. */
  article?: string;
  articleInWords?: string;
  regulated?: boolean;
  quote?: string;
  /** `providers`. */
  providers?: Provider[];
  page?: { path: string; title: string };
}
export interface Exchange { id: string; at: string; from: 'bot' | 'agent'; said: string | null; replies: Reply[] }
