import { api } from './api';
import { Problem } from './client';
import type { StoredFile } from './types';
import { address, client } from './wechat';

export const MAX_MB = 20;
export const ACCEPTED = '可上传照片、PDF、Word（docx）、Excel（xlsx）、MP4 视频';

let underWay = 0;
/** Files on their way to the server: what is submitted meanwhile would go without them, and a field that is left meanwhile never hears of them. */
export const isUploading = (): boolean => underWay > 0;
export const STILL_UPLOADING = '材料正在上传，传完后再继续';
export async function upload(path: string, onProgress?: (percent: number) => void): Promise<StoredFile> {
  underWay += 1;
  try { return await api.upload(path, onProgress); } finally { underWay -= 1; }
}

export interface Picked { path: string; size: number; name: string }

/** Photos and videos, or files from a chat. Rejects with a Problem that says what to do; an empty list when the person changed their mind. */
export async function pick(count: number): Promise<Picked[]> {
  const { tapIndex } = await wx.showActionSheet({ itemList: ['拍照或从相册选择', '从微信聊天中选择文件'] }).catch(() => ({ tapIndex: -1 }));
  if (tapIndex < 0) return [];
  try {
    if (tapIndex === 0) {
      const { tempFiles } = await wx.chooseMedia({ count: Math.min(count, 9), mediaType: ['image', 'video'], sizeType: ['compressed'] });
      return tempFiles.map(({ tempFilePath, size, fileType }) => ({ path: tempFilePath, size, name: fileType === 'video' ? '视频' : '照片' }));
    }
    const { tempFiles } = await wx.chooseMessageFile({ count: Math.min(count, 20), type: 'all' });
    return tempFiles.map(({ path, size, name }) => ({ path, size, name }));
  } catch (error) {
    const { errMsg = '' } = error as { errMsg?: string };
    if (/cancel/.test(errMsg)) return [];
    throw new Problem(0, 'NOT_PICKED', /privacy/.test(errMsg) ? '需要您同意隐私保护指引后才能选择文件' : '未能打开相册或文件，请检查微信的权限设置');
  }
}

/** Shows a stored file: pictures as pictures, the rest with the phone's own reader. */
export async function show(id: string): Promise<void> {
  const { url, mime } = await api.file(id);
  const tempFilePath = await download(address(url), { authorization: `Bearer ${await client.access()}` });
  if (mime.startsWith('image/')) await wx.previewImage({ urls: [tempFilePath], current: tempFilePath });
  else await wx.openDocument({ filePath: tempFilePath, showMenu: true });
}

/** Shows a document the product writes of a case, such as the diagnosis report. */
export async function showDocument(no: string, name: string): Promise<void> {
  const filePath = await download(address(`/api/v1/cases/${encodeURIComponent(no)}/documents/${name}`), { authorization: `Bearer ${await client.access()}` });
  await wx.openDocument({ filePath, fileType: 'docx', showMenu: true });
}

const download = (url: string, header: Record<string, string>): Promise<string> => new Promise((resolve, reject) => {
  const failed = (): void => reject(new Problem(0, 'LINK_EXPIRED', '文件暂时打不开，请稍后再试'));
  wx.downloadFile({ url, header, success: ({ statusCode, tempFilePath }) => (statusCode === 200 ? resolve(tempFilePath) : failed()), fail: failed });
});
