import { redirect } from '@sveltejs/kit';
import { pages } from '$lib/urls';

export const load = () => redirect(307, pages.adminUsers());
