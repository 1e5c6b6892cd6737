import type { Metrics } from '../utils/metrics';
import { client } from './wechat';

const KEPT = 'metrics';

/** The metrics; without a network those of the last time, since they change with an amendment only. */
export async function loadMetrics(): Promise<Metrics> {
  try {
    const metrics = await client.get<Metrics>('/api/v1/rulebook/metrics');
    wx.setStorageSync(KEPT, metrics);
    return metrics;
  } catch (error) {
    const kept = keptMetrics();
    if (kept) return kept;
    throw error;
  }
}

/** Those this phone has seen; null before the first time. */
export const keptMetrics = (): Metrics | null => (wx.getStorageSync(KEPT) as Metrics | '') || null;
