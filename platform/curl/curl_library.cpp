#include "platform/curl/curl_library.hpp"

#include <dlfcn.h>

#include <string>

#include "platform/error/error.hpp"

namespace immich {
namespace {

template <class Function>
void Resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) throw InternalError(std::string("libcurl has no ") + name);
}

CurlFunctions Load() {
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw InternalError(std::string("libcurl cannot be loaded: ") + dlerror());
  decltype(&curl_global_init) global_init = nullptr;
  Resolve(library, "curl_global_init", global_init);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw InternalError("libcurl cannot be initialised");
  CurlFunctions curl;
  Resolve(library, "curl_easy_init", curl.init);
  Resolve(library, "curl_easy_cleanup", curl.cleanup);
  Resolve(library, "curl_easy_setopt", curl.setopt);
  Resolve(library, "curl_easy_perform", curl.perform);
  Resolve(library, "curl_easy_getinfo", curl.getinfo);
  Resolve(library, "curl_easy_strerror", curl.strerror);
  Resolve(library, "curl_slist_append", curl.slist_append);
  Resolve(library, "curl_slist_free_all", curl.slist_free_all);
  return curl;
}

}  // namespace

const CurlFunctions& LoadedCurl() {
  static const CurlFunctions curl = Load();
  return curl;
}

}  // namespace immich
