/** Where the product answers, by build. The bureau enters its own registered domain for trial and release before the first upload. */
const HOSTS: Record<string, string> = {
  develop: 'http://localhost:3000',
  trial: 'https://szt.xinxiang.example.cn',
  release: 'https://szt.xinxiang.example.cn',
};

export const host = (): string => HOSTS[wx.getAccountInfoSync().miniProgram.envVersion] ?? HOSTS['release']!;
