#include "platform/http/content_coding.hpp"

#include <gtest/gtest.h>

#include "platform/http/content_coding_testing.hpp"

namespace immich::http {
namespace {

TEST(ContentCodingTest, Negotiates) {
  EXPECT_EQ(NegotiateCoding(""), ContentCoding::kIdentity);
  EXPECT_EQ(NegotiateCoding("gzip, deflate, br, zstd"), ContentCoding::kBrotli);
  EXPECT_EQ(NegotiateCoding("gzip, deflate"), ContentCoding::kGzip);
  EXPECT_EQ(NegotiateCoding("deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(NegotiateCoding("gzip;q=1.0, br;q=0.5"), ContentCoding::kGzip);
  EXPECT_EQ(NegotiateCoding("br;q=0, gzip"), ContentCoding::kGzip);
  EXPECT_EQ(NegotiateCoding("*"), ContentCoding::kBrotli);
  EXPECT_EQ(NegotiateCoding("*;q=0"), ContentCoding::kIdentity);
  EXPECT_EQ(NegotiateCoding("identity"), ContentCoding::kIdentity);
  EXPECT_EQ(NegotiateCoding("identity, gzip;q=0.5"), ContentCoding::kIdentity);
  EXPECT_EQ(NegotiateCoding("zstd, GZIP"), ContentCoding::kGzip);
  EXPECT_TRUE(AcceptsCoding("gzip, br", "br"));
  EXPECT_FALSE(AcceptsCoding("gzip, br;q=0", "br"));
}

TEST(ContentCodingTest, CompressibleTypes) {
  for (const char* type :
       {"application/json; charset=utf-8", "text/html", "image/svg+xml", "application/jsonlines+json"}) {
    EXPECT_TRUE(IsCompressible(type)) << type;
  }
  for (const char* type :
       {"image/jpeg", "video/mp4", "application/octet-stream", "application/zip", "text/event-stream", ""}) {
    EXPECT_FALSE(IsCompressible(type)) << type;
  }
}

TEST(ContentCodingTest, WholeBodiesAndStreamsComeBack) {
  std::string body;
  for (int i = 0; i < 40000; ++i) body += std::to_string(i * 2654435761u) + ",";
  for (const auto coding : {ContentCoding::kBrotli, ContentCoding::kGzip, ContentCoding::kDeflate}) {
    for (const std::string& text : {std::string(), std::string("x"), body}) {
      EXPECT_EQ(Decompress(coding, Compress(coding, text)), text) << ToString(coding);
    }
    EXPECT_LT(Compress(coding, body).size(), body.size() * 6 / 10);
    StreamCompressor stream(coding);
    std::string compressed;
    for (std::size_t i = 0; i < body.size(); i += 10007) compressed += stream.Add(body.substr(i, 10007), false);
    compressed += stream.Add("", true);
    EXPECT_EQ(Decompress(coding, compressed), body) << ToString(coding);
  }
}

}  // namespace
}  // namespace immich::http
