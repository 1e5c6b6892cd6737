/** A subscribe-message template as the account's console would list it. */
export interface Template {
  id: string;
  title: string;
  /** One consent, one message; or one consent, many messages (offered to public services). */
  kind: 'once' | 'longterm';
  /** Key (`thing1`) to the label on the card. */
  fields: Record<string, string>;
}

export interface SubscribeCard {
  id: number;
  templateId: string;
  title: string;
  page: string | null;
  /** Label and value, in the template's order. */
  lines: { key: string; label: string; value: string }[];
  state: string;
  at: string;
}

export interface ChatLine {
  id: number;
  /** `system`: what WeChat itself shows, such as "service unavailable". */
  from: 'user' | 'service' | 'system';
  kind: string;
  text: string;
  at: string;
}

export interface Phone {
  openid: string;
  nickname: string;
  phoneNumber: string;
  countryCode: string;
  /** code2Session answers 40226. */
  isHighRisk: boolean;
  sessionKey: string | null;
  /** When the user last had the mini-program open; content checks refuse after two hours. Epoch ms. */
  lastSeenAt: number;
  /** Per template: messages still allowed; Infinity is stored as -1. */
  consents: Record<string, number>;
  cards: SubscribeCard[];
  chat: ChatLine[];
  /** What the service may still send in the chat. */
  window: { left: number; until: number } | null;
  lastExchangeAt: number;
  typingUntil: number;
}

/** One request of the product, kept for tests and the page. Tokens and secrets are left out. */
export interface Call {
  at: string;
  method: string;
  path: string;
  body: unknown;
  errcode: number | null;
  status: number;
}

export interface Attempt {
  status: number | null;
  ms: number;
  body: string;
  failure: string | null;
}

/** One message pushed to the product, with each try. */
export interface Delivery {
  id: number;
  at: string;
  name: string;
  openid: string;
  attempts: Attempt[];
  isDelivered: boolean;
  /** A passive reply of the product, decrypted. */
  reply: unknown;
}

export interface SimulatorOptions {
  port?: number;
  host?: string;
  /** Where the product takes pushes. Without it nothing is pushed. */
  pushUrl?: string;
  token: string;
  encodingAesKey: string;
  appId: string;
  appSecret: string;
  /** Sender's counterpart in pushes (`gh_…`). */
  originalId?: string;
  /** Phones, consents and messages are kept here between runs. */
  stateFile?: string;
  clock?: () => Date;
  templates?: Template[];
  /** Pages of the released version; a message to another answers 41030. Without it any page goes. */
  pages?: string[];
  push?: Partial<PushOptions>;
  /** Where a phone's mini-program opens in a browser, without the openid at the end; the page of virtual phones links to it. */
  miniProgramUrl?: string;
}

export interface PushOptions {
  mode: 'plain' | 'compatible' | 'secure';
  format: 'json' | 'xml';
  timeoutMs: number;
  attempts: number;
  /** Pause before the next try after a wrong answer; after a timeout WeChat tries at once. */
  retryMs: number;
}
