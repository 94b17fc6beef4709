#pragma once

#include <curl/curl.h>

namespace immich {

/// The functions of libcurl that are used here. The library brings about thirty others with it; a process that never
/// fetches or mails anything does not load them, which saves start-up time and memory.
struct CurlFunctions {
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

/// Loads and initialises the library on first use; blocks for some milliseconds then. Thread-safe. Throws InternalError
/// when it is not installed.
const CurlFunctions& LoadedCurl();

}  // namespace immich
