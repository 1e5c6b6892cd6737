import { client } from './wechat';
import type {
  Article, CaseLine, CaseView, Claim, Exchange, IdentityOpening, InboxMessage, Invitation, Me, Member, Opening, Page, ProcedureWords, Provider, ProviderPage, PublicNotice, Receipt, Reply, StoredFile,
} from './types';

const query = (given: Record<string, string | number | undefined>): string => {
  const pairs = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
};

/** Every call the pages make, by what it is for. */
export const api = {
  me: () => client.get<Me>('/api/v1/me'),
  bindPhone: (code: string) => client.post<Me>('/api/v1/session/phone', { code }),
  actFor: (role: string, org?: string) => client.post<Me>('/api/v1/session/acting', org ? { role, org } : { role }),
  acceptInvitation: (id: string) => client.post<{ org: string }>(`/api/v1/invitations/${id}/accept`),

  openings: () => client.get<{ items: Opening[] }>('/api/v1/openings'),
  cases: (wanted: { procedure?: string; state?: string; linked?: string; q?: string; waiting?: 'me'; after?: string; limit?: number }) => client.get<Page<CaseLine>>(`/api/v1/cases${query(wanted)}`),
  case: (no: string) => client.get<CaseView>(`/api/v1/cases/${encodeURIComponent(no)}`),
  open: (procedure: string, move: string, input: object, key: string) => client.post<{ receipt: Receipt }>(`/api/v1/${procedure}/${move}`, input, key),
  act: (no: string, move: string, input: object, key: string) => client.post<{ receipt: Receipt }>(`/api/v1/cases/${encodeURIComponent(no)}/${move}`, input, key),
  checkReceipt: (no: string, head: string) => client.look<{ genuine: boolean; at?: string }>(`/api/v1/receipts/${encodeURIComponent(no)}/${encodeURIComponent(head)}`),

  say: (message: { text: string } | { pick: string; sealed?: Record<string, string> } | { values: Record<string, unknown>; form: string }, key: string) => client.post<{ replies: Reply[] }>('/api/v1/chat', message, key),
  history: (wanted: { after?: string; before?: string; limit?: number }) => client.get<{ items: Exchange[]; next: string | null }>(`/api/v1/chat${query(wanted)}`),

  article: (no: string) => client.look<Article>(`/api/v1/rulebook/articles/${no}`),
  providers: (wanted: { sector?: string; after?: string; limit?: number }) => client.look<Page<Provider>>(`/api/v1/providers${query(wanted)}`),
  provider: (id: string) => client.look<ProviderPage>(`/api/v1/providers/${encodeURIComponent(id)}`),
  notices: (wanted: { kind?: string; subject?: string; after?: string; limit?: number }) => client.look<Page<PublicNotice>>(`/api/v1/notices${query(wanted)}`),
  notice: (id: string) => client.look<PublicNotice>(`/api/v1/notices/${encodeURIComponent(id)}`),
  procedures: () => client.look<{ items: ProcedureWords[] }>('/api/v1/procedures'),
  claims: () => client.get<{ items: Claim[] }>('/api/v1/organisations/claims'),
  claim: (input: object, key: string) => client.post<Claim>('/api/v1/organisations/claims', input, key),
  members: (org: string) => client.get<{ members: Member[]; invitations: Invitation[] }>(`/api/v1/organisations/${org}/members`),
  invite: (org: string, input: object, key: string) => client.post<{ id: string }>(`/api/v1/organisations/${org}/members`, input, key),
  withdrawInvitation: (org: string, id: string) => client.del<void>(`/api/v1/organisations/${org}/invitations/${id}`),
  removeMember: (org: string, person: string) => client.del<void>(`/api/v1/organisations/${org}/members/${person}`),

  identityOpenings: () => client.get<{ items: IdentityOpening[] }>('/api/v1/me/identity-openings'),

  inbox: (after?: string) => client.get<Page<InboxMessage>>(`/api/v1/inbox${query({ after, limit: 20 })}`),
  inboxCount: () => client.get<{ unseen: number; tasks: number }>('/api/v1/inbox/count'),
  seen: (id: string) => client.post<void>(`/api/v1/inbox/${id}/seen`),
  allSeen: () => client.post<void>('/api/v1/inbox/seen'),
  wantedConsents: () => client.get<{ items: { template: string }[] }>('/api/v1/consents/wanted'),
  reportConsent: (template: string, result: string, key: string) => client.post<void>('/api/v1/consents', { template, result, key }),

  upload: (filePath: string, onProgress?: (percent: number) => void) => client.upload<StoredFile>('/api/v1/files', filePath, onProgress),
  file: (id: string) => client.get<StoredFile>(`/api/v1/files/${id}`),
};
