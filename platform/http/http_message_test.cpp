#include "platform/http/http_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/async/event_loop.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(HeadersTest, FindsWithoutCaseAndSetReplacesEveryValue) {
  Headers headers;
  headers.Add("Set-Cookie", "a=1");
  headers.Add("set-cookie", "b=2");
  EXPECT_EQ(headers.Find("SET-COOKIE"), "a=1");
  headers.Set("Set-cookie", "c=3");
  EXPECT_THAT(headers.items(), ElementsAre(Pair("Set-Cookie", "c=3")));
  headers.Remove("SET-cookie");
  EXPECT_EQ(headers.Find("Set-Cookie"), std::nullopt);
  EXPECT_EQ(headers.Get("Set-Cookie"), "");
}

TEST(QueryParamsTest, DecodesAndKeepsRepeatedNames) {
  const QueryParams query = QueryParams::Parse("a=1&b=x+y%20z&a=%C3%A4&empty=&flag&=v&&bad=%zz%4");
  EXPECT_EQ(query.Find("a"), "1");
  EXPECT_THAT(query.FindAll("a"), ElementsAre("1", "ä"));
  EXPECT_EQ(query.Find("b"), "x y z");
  EXPECT_EQ(query.Find("empty"), "");
  EXPECT_EQ(query.Find("flag"), "");
  EXPECT_EQ(query.Find(""), "v");
  EXPECT_EQ(query.Find("bad"), "%zz%4");
  EXPECT_EQ(query.Find("A"), std::nullopt);
  EXPECT_EQ(query.Find("plus"), std::nullopt);
  EXPECT_EQ(QueryParams::Parse("p=%2B+").Find("p"), "+ ");
}

TEST(CookiesTest, ParsesAsTheOriginal) {
  EXPECT_THAT(ParseCookies("immich_access_token=abc; immich_is_authenticated=true"),
              ElementsAre(Pair("immich_access_token", "abc"), Pair("immich_is_authenticated", "true")));
  EXPECT_THAT(ParseCookies(" a = b ;c=\"q d\"; a=second; novalue; e=%C3%A4; f=%zz; g=%FF; h=x=y;"),
              ElementsAre(Pair("a", "b"), Pair("c", "q d"), Pair("e", "ä"), Pair("f", "%zz"), Pair("g", "%FF"),
                          Pair("h", "x=y")));
  EXPECT_THAT(ParseCookies(""), IsEmpty());
}

TEST(CookiesTest, FormatsLoginAndLogoutAsCaptured) {
  const TimePoint now = ParseHttpDate("Sun, 22 Nov 2026 07:08:54 GMT").value();
  EXPECT_EQ(FormatSetCookie({.name = "immich_access_token", .value = "shovv1e", .max_age_s = 34560000}, now),
            "immich_access_token=shovv1e; Max-Age=34560000; Path=/; Expires=Mon, 27 Dec 2027 07:08:54 GMT; HttpOnly; "
            "SameSite=Lax");
  EXPECT_EQ(FormatSetCookie({.name = "immich_is_authenticated",
                             .value = "true",
                             .http_only = false,
                             .secure = true,
                             .max_age_s = 34560000},
                            now),
            "immich_is_authenticated=true; Max-Age=34560000; Path=/; Expires=Mon, 27 Dec 2027 07:08:54 GMT; Secure; "
            "SameSite=Lax");
  EXPECT_EQ(FormatSetCookie({.name = "immich_auth_type", .value = "", .max_age_s = 0}, now),
            "immich_auth_type=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
  Cookie session;
  session.name = "s";
  session.value = "a b;c,ä";
  EXPECT_EQ(FormatSetCookie(session, now), "s=a%20b%3Bc%2C%C3%A4; Path=/; HttpOnly; SameSite=Lax");
}

TEST(ResponseTest, RedirectHasTheShortTextOfTheOriginal) {
  const Response response = Response::Redirect(302, "original?");
  EXPECT_EQ(response.headers.Get("Location"), "original?");
  EXPECT_EQ(std::get<std::string>(response.body).size(), 31u);
}

class PiecesBody final : public BodyReader {
 public:
  explicit PiecesBody(std::vector<std::string> pieces, std::optional<std::uint64_t> length = std::nullopt)
      : pieces_(std::move(pieces)), length_(length) {}
  Task<std::span<const std::uint8_t>> Read() override {
    if (next_ == pieces_.size()) co_return std::span<const std::uint8_t>{};
    const std::string& piece = pieces_[next_++];
    co_return std::span(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
  }
  std::optional<std::uint64_t> length() const override { return length_; }

 private:
  std::vector<std::string> pieces_;
  std::optional<std::uint64_t> length_;
  std::size_t next_ = 0;
};

int StatusOfReadAll(PiecesBody body, std::size_t limit) {
  int status = 200;
  RunToCompletion([&]() -> Task<void> {
    try {
      co_await body.ReadAll(limit);
    } catch (const Error& error) {
      status = error.http_status();
    }
  });
  return status;
}

TEST(BodyReaderTest, ReadAllJoinsAndKeepsTheLimit) {
  RunToCompletion([]() -> Task<void> {
    PiecesBody body({"ab", "cd", "e"});
    EXPECT_EQ(co_await body.ReadAll(5), "abcde");
  });
  EXPECT_EQ(StatusOfReadAll(PiecesBody({"ab", "cd", "e"}), 5), 200);
  EXPECT_EQ(StatusOfReadAll(PiecesBody({"ab", "cd", "e"}), 4), 413);
  EXPECT_EQ(StatusOfReadAll(PiecesBody({}, 6), 5), 413);
}

TEST(UrlEncodingTest, Utf8AndLatin1) {
  EXPECT_TRUE(IsValidUtf8("aä€😀"));
  for (const std::string_view bad :
       {"\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xC3", "a\x80"}) {
    EXPECT_FALSE(IsValidUtf8(bad)) << EncodeUriComponent(bad);
  }
  EXPECT_EQ(Latin1ToUtf8("\xE4z"), "äz");
  EXPECT_EQ(DecodeUriComponent("%E2%82%AC"), "€");
  EXPECT_EQ(DecodeUriComponent("%E2%82"), std::nullopt);
  EXPECT_EQ(DecodeUriComponent("%2"), std::nullopt);
  EXPECT_EQ(PercentDecode("a%2Fb%"), "a/b%");
}

}  // namespace
}  // namespace immich::http
