import type { Provider } from '../../services/types';
import { articleInWords, dayInWords, dayOf } from '../../utils/format';
import { regionName, sectorName } from '../../utils/places';

/** A provider as the public register shows it (第十条): name, standing, place and trade, since when and by which article. What a tap does is for whoever places it. */
Component({
  properties: { provider: { type: Object, value: {} as Provider } },
  data: { isListed: true, about: '', since: '' },
  observers: {
    provider(provider: Provider | null) {
      if (!provider?.id) return;
      const { region, sector, standing, since, article } = provider;
      const isListed = standing === 'listed';
      this.setData({
        isListed, about: [regionName(region), sectorName(sector)].filter(Boolean).join(' · '),
        since: since ? `${dayInWords(dayOf(since))}${isListed ? '入库' : '退出'}${article ? `（${articleInWords(article)}）` : ''}` : '',
      });
    },
  },
});
