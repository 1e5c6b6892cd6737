import { Api } from './http';

/** A person's WeChat on a virtual phone of the simulator, signed in to the product. */
export class Phone {
  private constructor(private readonly simulatorUrl: string, readonly openid: string, readonly api: Api, readonly me: any) {}

  /** Picks up a phone (a new one, or the one with this openid), signs in and binds its number, as the mini-program does. */
  static async signIn({ simulatorUrl, api, openid, phone, nickname }: { simulatorUrl: string; api: Api; openid?: string; phone?: string; nickname?: string }): Promise<Phone> {
    const sim = new Api(simulatorUrl);
    const known = openid ?? (await sim.post<{ openid: string }>('/sim/phones', { phoneNumber: phone, nickname })).openid;
    const { code } = await sim.post<{ code: string }>(`/sim/phones/${known}/login-code`);
    const session = await api.post<{ access: string; person: { phone: string | null } }>('/api/v1/session/wechat', { code });
    const signedIn = api.with(session.access);
    if (!session.person.phone) {
      const number = await sim.post<{ code: string }>(`/sim/phones/${known}/phone-code`);
      await signedIn.post('/api/v1/session/phone', { code: number.code });
    }
    return new Phone(simulatorUrl, known, signedIn, await signedIn.get('/api/v1/me'));
  }

  /** Chooses whom to act for; a session remembers it. */
  async actFor(org: string, role: 'enterprise' | 'provider'): Promise<void> {
    await this.api.post('/api/v1/session/acting', { role, org });
  }

  async actAsCitizen(): Promise<void> {
    await this.api.post('/api/v1/session/acting', { role: 'citizen' });
  }

  /** Says yes to the subscribe sheet, which WeChat also pushes to the product. */
  async consent(...templates: string[]): Promise<void> {
    await new Api(this.simulatorUrl).post(`/sim/phones/${this.openid}/consents`, { answers: Object.fromEntries(templates.map((id) => [id, 'accept'])) });
  }

  /** Subscribe messages this phone has received. */
  cards(): Promise<{ templateId: string; title: string; lines: { label: string; value: string }[] }[]> {
    return new Api(this.simulatorUrl).get(`/sim/phones/${this.openid}/subscribe-messages`);
  }
}
