import { pdf, photo } from '../demo/papers';

/** A file as it is handed to a page. */
export interface Handed { name: string; mimeType: string; buffer: Buffer }

export const aPdf = async (name: string): Promise<Handed> => ({ name, mimeType: 'application/pdf', buffer: await pdf('Paper') });
export const aPhoto = async (name: string): Promise<Handed> => ({ name, mimeType: 'image/jpeg', buffer: await photo() });
