//! The stack of a token.

use k6_cloud_fake::FakeCloud;

use super::Description;

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::start().await.expect("the fake starts");
    description.check(&fake, "GET", "/auth").await;
    description.check_common(&fake, ("GET", "/auth", "")).await;
    description.assert_all_seen("authorization");
}
