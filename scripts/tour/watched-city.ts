import type { Api } from '../client/http';
import type { Phone } from '../client/phone';
import { City, type Receipt } from '../demo/city';

/** A city whose every step can be looked at: before it, as whoever makes it sees the case; after it, as the others do. */
export class WatchedCity extends City {
  private readonly actors = new Map<Api, { kind: 'phone' | 'desk'; key: string }>();
  onStep: (look: { no: string; by?: { kind: 'phone' | 'desk'; key: string }; when: 'before' | 'after' }) => Promise<void> = async () => undefined;

  override async phone(key: string): Promise<Phone> {
    const phone = await super.phone(key);
    this.actors.set(phone.api, { kind: 'phone', key });
    return phone;
  }

  override async staff(login: string): Promise<Api> {
    const api = await super.staff(login);
    this.actors.set(api, { kind: 'desk', key: login });
    return api;
  }

  override async open(api: Api, procedure: string, input: object, step: string): Promise<Receipt> {
    const receipt = await super.open(api, procedure, input, step);
    await this.onStep({ no: receipt.no, when: 'after' });
    return receipt;
  }

  override async act(api: Api, no: string, move: string, input: object, step: string): Promise<Receipt> {
    const by = this.actors.get(api);
    await this.onStep({ no, when: 'before', ...(by ? { by } : {}) });
    const receipt = await super.act(api, no, move, input, step);
    await this.onStep({ no, when: 'after' });
    return receipt;
  }

  override async chat(api: Api, step: string, ...lines: string[]): Promise<Receipt> {
    const receipt = await super.chat(api, step, ...lines);
    await this.onStep({ no: receipt.no, when: 'after' });
    return receipt;
  }
}
