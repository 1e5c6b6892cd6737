import type { AddressInfo } from 'node:net';
import { createControl, type Control } from './control';
import { Faults } from './faults';
import { Pusher } from './push';
import { buildServer } from './server';
import type { SimulatorOptions } from './types';
import { World } from './world';

export type { SimulatorOptions, Template, Phone, Delivery } from './types';
export { PRODUCT_TEMPLATES, TEMPLATES } from './templates';
export type { Packet, PushFields, Tampering } from './push';

export interface Simulator extends Control {
  /** Base URL for the product, without a slash at the end. The page of virtual phones stands at its root. */
  url: string;
  pusher: Pusher;
  world: World;
  stop(): Promise<void>;
}

/**
 * Starts WeChat on this machine: the server interfaces the product calls, the pushes it receives, and a page of virtual
 * phones. It speaks the real protocol; the product knows only its address.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = new World(options);
  const pusher = new Pusher(world);
  const faults = new Faults();
  const control = createControl(world, pusher, faults);
  const app = buildServer(world, control, pusher, faults);
  const server = app.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const { port } = server.address() as AddressInfo;

  async function stop(): Promise<void> {
    pusher.stop();
    world.changes.emit('stop');
    await pusher.settled();
    world.save();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return { ...control, url: `http://127.0.0.1:${port}`, pusher, world, stop };
}
