/** One API call as its handler sees it: method, path and access token have been checked. */
export interface Call {
  query: Record<string, string>;
  body: Record<string, unknown>;
}

export type Handler = (call: Call) => object | Promise<object>;

/** Calls that give tokens or use the secret instead. All others need an access token. */
export const WITHOUT_TOKEN = ['/sns/jscode2session', '/cgi-bin/stable_token', '/cgi-bin/token'];
