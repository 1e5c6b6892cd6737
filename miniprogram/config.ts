/**
 * Where the product answers: the only setting of the mini-program, by the build WeChat runs (`wx.getAccountInfoSync`).
 * - `develop`: DevTools and previews; the address `npm start` prints. Needs 不校验合法域名, which project.config.json sets.
 * - `trial` (体验版) and `release` (正式版): the bureau's own domain. It must be https, filed (ICP), and entered in the account's
 *   服务器域名 as request, uploadFile and downloadFile domain, without a port or path. `npm run miniprogram:check -- --release`
 *   refuses a build for which it is not set.
 */
export const SERVICE = {
  develop: 'http://localhost:3000',
  trial: '',
  release: '',
};

/** '' where it has not been set: pages say so instead of blaming the network. */
export const host = (): string => SERVICE[wx.getAccountInfoSync().miniProgram.envVersion] ?? SERVICE.release;
