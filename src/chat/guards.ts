import { normalise } from './text';

/** Attempts to give orders to the program instead of asking it for something: words for a model, operators, code. */
const TAMPERING = /(?:忽略|无视|忘记|忘掉|绕过|跳过).{0,8}(?:指令|指示|规则|限制|设定|提示词|权限)|(?:你现在是|扮演|假装|切换(?:到|为)?).{0,6}(?:管理员|开发者|root|系统|超级)|developer mode|system\s*prompt|系统提示词|ignore (?:all|previous|the above)|jailbreak|^system:|\$(?:ne|gt|lt|gte|lte|where|regex|or|and|in|set|exists)\b|__proto__|<\/?script|javascript:|drop\s+(?:table|database)|\.drop\(|union\s+select|or\s+1\s*=\s*1|;\s*--/iu;
export const isTampering = (text: string): boolean => TAMPERING.test(normalise(text));

/** Asking for what concerns others: who complained or reported, and cases of other people. */
const WHO = /(?<!我们?|我司|我公司)被(?:投诉|举报).{0,8}(?:几次|多少次|内容|记录)|被谁(?:举报|投诉|检举)|(?:谁|哪个人|哪家|什么人|何人).{0,8}(?:举报|投诉|检举)(?:了|的)?(?:我们?|我司|我公司|本公司|俺)|(?:举报|投诉|检举)(?:我们?|我司)?(?:的)?(?:人|者|那个人|的那家).{0,6}(?:是谁|叫什么|姓名|名字|电话|身份|联系方式|资料|哪家|哪个)|(?:举报|投诉|检举)我们的.{0,4}(?:谁|名字|姓名|电话)|(?:全部|所有).{0,8}举报人/u;
const OTHERS = /(?:别人|别家|他人|隔壁|邻厂|对手|(?:其他|别的)(?:公司|企业|厂|人|服务商)|同行(?!业))(?:.{0,6}的?(?:案件|案子|方案|报价|合同|报告|进度|花了)|.{0,6}的(?:投诉|举报|诊断|评价|材料|信息))|(?<!我.{0,6})(?:全部|所有)(?:人|企业|公司)?的?(?:案件|案子|投诉(?:内容|记录)|举报(?:内容|记录|信)|合同)/u;
export const asksAboutOthers = (text: string): boolean => WHO.test(normalise(text)) || OTHERS.test(normalise(text));

const RUDE = /他妈|你妈|妈的|尼玛|傻[逼比b叉]|煞笔|智障|滚(?:蛋|开|$)|去死|狗屁|王八|混蛋|操你|废物|破玩意|垃圾(?:机器|系统|程序|玩意|助手)/u;
export const isRude = (text: string): boolean => RUDE.test(normalise(text));
