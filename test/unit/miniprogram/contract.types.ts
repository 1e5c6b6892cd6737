import type * as client from '../../../miniprogram/services/types';
import type { Reply } from '../../../src/chat/replies';
import type { FieldDescription, Kind } from '../../../src/kernel/fields';
import type { Receipt } from '../../../src/kernel/case';
import type { CaseLine, CaseView, MoveView } from '../../../src/kernel/view';
import type { InboxView } from '../../../src/notify/routes';
import type { ProcedureView } from '../../../src/http/procedures';
import type { ProviderPage } from '../../../src/register/directory';
import type { PublicNotice } from '../../../src/register/notices';
import type { ProviderPageView } from '../../../src/register/provider-routes';

/** Compiles only while what the server answers is what the pages expect: the type check is the test. */
type Answers<Server extends Client, Client> = Server;

export type Contract = [
  Answers<FieldDescription, client.FieldDescription>, Answers<Kind, client.Kind>, Answers<client.Kind, Kind>,
  Answers<MoveView, client.MoveView>, Answers<CaseLine, client.CaseLine>, Answers<CaseView, client.CaseView>, Answers<Receipt, client.Receipt>,
  Answers<ProviderPage['items'][number], client.Provider>, Answers<ProviderPageView, client.ProviderPage>,
  Answers<PublicNotice, client.PublicNotice>, Answers<ProcedureView, client.ProcedureWords>, Answers<InboxView, client.InboxMessage>,
  Answers<Reply, client.Reply>, Answers<Reply['type'], client.Reply['type']>, Answers<client.Reply['type'], Reply['type']>,
];
